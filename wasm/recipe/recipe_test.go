package recipe

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"sealbook/wasm/number"
)

// pinned is recipes.json as far as the tests read it.
type pinned struct {
	Recipes []struct {
		ID         string  `json:"id"`
		Kind       string  `json:"kind"`
		Form       string  `json:"form"`
		Algorithm  string  `json:"algorithm"`
		Encoding   string  `json:"encoding"`
		Truncation int     `json:"truncation_bytes"`
		Confidence string  `json:"confidence"`
		Use        string  `json:"use"`
		UseZh      string  `json:"use_zh"`
		Source     string  `json:"source"`
		Notes      *string `json:"notes"`
		Examples   []struct {
			Input      string  `json:"input"`
			Normalized string  `json:"normalized"`
			Preimage   *string `json:"preimage"`
			Output     *string `json:"output"`
			Published  *string `json:"published_output"`
		} `json:"examples"`
	} `json:"recipes"`
	Grid []struct {
		Form      string `json:"form"`
		Input     string `json:"input"`
		Algorithm string `json:"algorithm"`
		Hex       string `json:"hex"`
		Base64    string `json:"base64"`
	} `json:"generic_grid"`
}

func load(t testing.TB) pinned {
	t.Helper()
	text, err := os.ReadFile("recipes.json")
	if err != nil {
		t.Fatal(err)
	}
	var p pinned
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// The table says what recipes.json says, in its order.
func TestTable(t *testing.T) {
	p := load(t)
	if Count() != 51 || len(p.Recipes) != Count() {
		t.Fatalf("%d recipes, recipes.json has %d, want 51", Count(), len(p.Recipes))
	}
	for i, want := range p.Recipes {
		r := At(i)
		if r.ID() != want.ID || r.Kind().String() != want.Kind || r.Form().String() != want.Form ||
			r.Algorithm().String() != want.Algorithm || r.Encoding().String() != want.Encoding ||
			r.Truncation() != want.Truncation || r.Confidence().String() != want.Confidence {
			t.Errorf("%s: differs from recipes.json", want.ID)
		}
		if r.Computable() == (want.ID == "linkedin-capi" || want.ID == "ginlo-argon2id" || want.ID == "celo-socialconnect") {
			t.Errorf("%s: computable %v", want.ID, r.Computable())
		}
		if want.Use == "" || want.UseZh == "" || want.Source == "" {
			t.Errorf("%s: no use or source", want.ID)
		}
		if found, ok := Lookup(want.ID); !ok || found != r {
			t.Errorf("%s: not found", want.ID)
		}
		parsed, err := Parse(want.ID)
		switch {
		case !r.Computable():
			if err != NotComputable || parsed != (Recipe{}) {
				t.Errorf("%s: parses with %v", want.ID, err)
			}
		case err != nil || parsed != *r || parsed.String() != want.ID:
			t.Errorf("%s: parses to %v, %v", want.ID, &parsed, err)
		}
	}
	if r, ok := Lookup(""); ok || r != nil {
		t.Error("the empty id is found")
	}
}

// Each example of recipes.json, as the text that the vendor hashes.
func TestExamplesAsText(t *testing.T) {
	computed, published := 0, 0
	for i, p := range load(t).Recipes {
		r := At(i)
		for _, e := range p.Examples {
			got := r.AppendText(nil, []byte(e.Normalized))
			if e.Output == nil {
				if r.Computable() || len(got) != 0 {
					t.Errorf("%s: got %q where there is nothing", p.ID, got)
				}
				continue
			}
			computed++
			if string(got) != *e.Output {
				t.Errorf("%s: %s gives %s, want %s", p.ID, e.Normalized, got, *e.Output)
			}
			if e.Published != nil {
				published++
				if string(got) != *e.Published {
					t.Errorf("%s: %s gives %s, the vendor prints %s", p.ID, e.Normalized, got, *e.Published)
				}
			}
			plain := *r
			plain.algorithm, plain.encoding, plain.truncation = Plain, Text, 0
			if got := plain.AppendText(nil, []byte(e.Normalized)); e.Preimage == nil || string(got) != *e.Preimage {
				t.Errorf("%s: hashes %q", p.ID, got)
			}
		}
	}
	if computed != 51 || published != 14 {
		t.Errorf("%d examples, %d of them published, want 51 and 14", computed, published)
	}
}

// Every entry of the grid, from the number and from the text.
func TestGrid(t *testing.T) {
	grid := load(t).Grid
	if len(grid) != 42 {
		t.Fatalf("%d entries, want 42", len(grid))
	}
	n, err := number.Parse("+358401234567", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range grid {
		for _, encoding := range []struct{ name, want string }{
			{"hex", e.Hex},
			{"hex-upper", string(bytes.ToUpper([]byte(e.Hex)))},
			{"base64", e.Base64},
			{"base64-nopad", string(bytes.TrimRight([]byte(e.Base64), "="))},
			{"base64url", string(urlSafe(e.Base64))},
			{"base64url-nopad", string(bytes.TrimRight(urlSafe(e.Base64), "="))},
		} {
			name := e.Form + "/" + e.Algorithm + "/" + encoding.name
			r, err := Parse(name)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if r.String() != name || r.Kind() != Grid || r.ID() != "" || r.Confidence() != 0 {
				t.Errorf("%s: is %s", name, &r)
			}
			if got := string(r.AppendText(nil, []byte(e.Input))); got != encoding.want {
				t.Errorf("%s: of the text %q, want %q", name, got, encoding.want)
			}
			if got := string(r.Append(nil, n)); got != encoding.want {
				t.Errorf("%s: of the number %q, want %q", name, got, encoding.want)
			}
			if encoding.name != "hex" {
				continue
			}
			for cut := 1; cut < r.Size(); cut++ {
				name := name + "/" + itoa(cut)
				short, err := Parse(name)
				if err != nil || short.String() != name {
					t.Fatalf("%s: is %s, %v", name, &short, err)
				}
				if got := string(short.Append(nil, n)); got != e.Hex[:2*cut] {
					t.Errorf("%s: got %q", name, got)
				}
			}
		}
	}
}

func urlSafe(s string) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll([]byte(s), []byte("+"), []byte("-")), []byte("/"), []byte("_"))
}

func itoa(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

// A field that Assign forgets would be one that no published or own recipe has.
func TestAssign(t *testing.T) {
	own, err := Parse(`form=rfc3966 alg=hmac-sha512 enc=base64url trunc=20 template="a{salt}{n}" salt="pepper" key=0102`)
	if err != nil {
		t.Fatal(err)
	}
	for i := range Count() + 1 {
		from := &own
		if i < Count() {
			from = At(i)
		}
		to := own
		if to.Assign(from); to != *from {
			t.Errorf("%s: the copy is another", from)
		}
	}
}

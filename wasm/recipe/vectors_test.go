package recipe

import (
	"encoding/json"
	"os"
	"testing"

	"sealbook/wasm/number"
)

type vector struct {
	Recipe string  `json:"recipe"`
	Reason string  `json:"reason"`
	Vendor bool    `json:"printed_by_vendor"`
	Number *string `json:"number"`
	Text   *string `json:"text"`
	Output string  `json:"output"`
}

func vectors(t testing.TB) []vector {
	t.Helper()
	text, err := os.ReadFile("../../tests/vectors/recipes.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []vector `json:"vectors"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Vectors
}

// Vendors' and computed vectors, in the file that the other engines run too.
func TestVectors(t *testing.T) {
	all := vectors(t)
	numbers, vendors := 0, 0
	used := map[string]bool{}
	for _, v := range all {
		r, err := Parse(v.Recipe)
		if err != nil || r.String() != v.Recipe {
			t.Fatalf("%s: is %s, %v", v.Recipe, &r, err)
		}
		used[v.Recipe] = true
		if v.Vendor {
			vendors++
		}
		if v.Number == nil {
			got := string(r.AppendText([]byte("before "), []byte(*v.Text)))
			if got != "before "+v.Output {
				t.Errorf("%s (%s): got %q, want %q", v.Recipe, v.Reason, got, v.Output)
			}
			continue
		}
		numbers++
		n, err := number.Parse(*v.Number, "")
		if err != nil {
			t.Fatalf("%s (%s): %v", v.Recipe, v.Reason, err)
		}
		if got := string(r.Append([]byte("before "), n)); got != "before "+v.Output {
			t.Errorf("%s (%s): got %q, want %q", v.Recipe, v.Reason, got, v.Output)
		}
		raw, ok := r.Decode(nil, []byte(" "+v.Output+"\n"))
		if !ok || string(raw) != string(r.Sum(nil, n)) || !r.Match(nil, n, raw) {
			t.Errorf("%s (%s): own output decodes to %x, %v", v.Recipe, v.Reason, raw, ok)
		}
		raw[0] ^= 1
		if r.Match(nil, n, raw) || r.Match(nil, n, raw[1:]) || r.Match(nil, n, nil) {
			t.Errorf("%s (%s): matches what is not its output", v.Recipe, v.Reason)
		}
	}
	if len(all) != 197 || numbers != 141 || vendors != 26 {
		t.Errorf("%d vectors, %d of them of numbers, %d printed by vendors, want 197, 141 and 26", len(all), numbers, vendors)
	}
	for i := range Count() {
		if r := At(i); used[r.ID()] != r.Computable() {
			t.Errorf("%s: has vectors %v", r.ID(), used[r.ID()])
		}
	}
}

func TestNothing(t *testing.T) {
	n, err := number.Parse("+442079460000", "")
	if err != nil {
		t.Fatal(err)
	}
	none, _ := Lookup("ginlo-argon2id")
	email, _ := Lookup("threema-email")
	hex, _ := Lookup("meta-capi")
	for name, got := range map[string][]byte{
		"zero recipe":                 new(Recipe).Append(nil, n),
		"zero recipe's text":          new(Recipe).AppendText(nil, []byte("x")),
		"unsupported":                 none.Append(nil, n),
		"unsupported, raw":            none.Sum(nil, n),
		"unsupported, text":           none.AppendText(nil, []byte("x")),
		"number as an e-mail address": email.Append(nil, n),
		"no number":                   hex.Append(nil, number.Number{}),
		"no number, raw":              hex.Sum(nil, number.Number{}),
	} {
		if len(got) != 0 {
			t.Errorf("%s: gives %q", name, got)
		}
	}
	if got := new(Recipe).String(); got != "" {
		t.Errorf("the zero recipe is named %q", got)
	}
	for _, r := range []*Recipe{none, {}} {
		if _, ok := r.Decode(nil, []byte("00")); ok {
			t.Errorf("%q: decodes", r)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	n, err := number.Parse("+442079460000", "")
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 0, 2*MaxText+MaxName)
	text := []byte(" Someone@Example.com ")
	for _, v := range vectors(t) {
		if _, err := Parse(v.Recipe); err != nil {
			t.Fatal(err)
		}
		output := []byte(v.Output)
		if len(output) > MaxDigest {
			t.Errorf("%s: gives %d bytes", v.Recipe, len(output))
		}
		if got := testing.AllocsPerRun(3, func() {
			var again Recipe
			again.Set(v.Recipe)
			again.Append(buf, n)
			again.Sum(buf, n)
			again.AppendText(buf, text)
			again.AppendName(buf)
			raw, _ := again.Decode(buf, output)
			again.Match(buf[len(raw):len(raw)], n, raw)
		}); got != 0 {
			t.Errorf("%s: %v allocations", v.Recipe, got)
		}
	}
}

// The room that is asked for is enough, also for the longest own recipe.
func TestRoom(t *testing.T) {
	n, err := number.Parse("+442079460000", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors(t) {
		r, _ := Parse(v.Recipe)
		for _, size := range []int{0, 1, 100, 1000} {
			text := make([]byte, size)
			if got := len(r.AppendText(nil, text)); got > r.TextRoom(size) {
				t.Errorf("%s: text of %d gives %d bytes, room for %d", v.Recipe, size, got, r.TextRoom(size))
			}
		}
	}
	r := longest(t)
	room := make([]byte, 0, MaxText)
	if got := r.Append(room, n); &got[0] != &room[:1][0] || len(got) > MaxText {
		t.Errorf("the longest recipe leaves its room, %d bytes", len(got))
	}
	if got := r.AppendText(nil, make([]byte, 50)); len(got) > r.TextRoom(50) {
		t.Errorf("the longest recipe's text takes %d bytes", len(got))
	}
}

func BenchmarkAppend(b *testing.B) {
	n, err := number.Parse("+442079460000", "")
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 0, MaxText)
	for _, id := range []string{"meta-capi", "uid2-euid", "signal-legacy", "threema-phone"} {
		r, _ := Lookup(id)
		b.Run(id, func(b *testing.B) {
			for b.Loop() {
				r.Append(buf, n)
			}
		})
	}
}

package recipe

import (
	"errors"
	"strings"
	"testing"
)

// longest is the own recipe that takes most room.
func longest(t testing.TB) Recipe {
	t.Helper()
	template := "{salt}{n}{salt}" + strings.Repeat("x", MaxTemplate-len("{salt}{n}{salt}"))
	r, err := Parse(`form=national_nsn alg=plain enc=text template="` + template + `" salt="` + strings.Repeat(`\"`, MaxSalt) + `"`)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const (
	own    = `form=e164_plus alg=sha256 enc=hex template="{n}"`
	salted = `form=e164_plus alg=sha256 enc=hex template="{n}{salt}"`
	keyed  = `form=e164_plus alg=hmac-sha256 enc=hex template="{n}"`
)

// Names that are recipes and give themselves back. TestVectors has more.
var good = []string{
	own,
	"email/sha512/base64url-nopad/63",
	"e164_plus/md5/hex/1",
	"rfc3966/sha1/base64-of-hex/19",
	`form=email alg=plain enc=text template="\\\"\{\}{n}"`,
	`form=email alg=sha1 enc=hex trunc=19 template="{n}"`,
	salted + ` salt="{n}"`,
	salted + ` salt=" "`,
	salted + ` salt="` + strings.Repeat("s", MaxSalt) + `"`,
	salted + ` salt=0x0a`,
	salted + ` salt=0xc3`,
	salted + ` salt="é"`,
	keyed + ` key=00`,
	keyed + ` key=` + strings.Repeat("ab", MaxKey),
	`form=e164_plus alg=sha256 enc=hex template="{n}` + strings.Repeat("x", MaxTemplate-3) + `"`,
}

// Names that are not, each with what is wrong with it.
var bad = []struct {
	name string
	want Code
}{
	{"", UnknownRecipe},
	{"nobody-knows", UnknownRecipe},
	{"Signal-legacy", UnknownRecipe},
	{" signal-legacy", UnknownRecipe},
	{"linkedin-capi", NotComputable},
	{"ginlo-argon2id", NotComputable},
	{"/", BadForm},
	{"e164/sha256/hex", BadForm},
	{"/sha256/hex", BadForm},
	{"e164_plus/sha256", BadEncoding},
	{"e164_plus/sha256/", BadEncoding},
	{"e164_plus/sha256/text", BadEncoding},
	{"e164_plus/sha256/none", BadEncoding},
	{"e164_plus/sha256/HEX", BadEncoding},
	{"e164_plus//hex", BadAlgorithm},
	{"e164_plus/sha3/hex", BadAlgorithm},
	{"e164_plus/plain/text", BadAlgorithm},
	{"e164_plus/hmac-sha256/hex", BadAlgorithm},
	{"e164_plus/unsupported/none", BadAlgorithm},
	{"e164_plus/sha256/hex/", BadTruncation},
	{"e164_plus/sha256/hex/0", BadTruncation},
	{"e164_plus/sha256/hex/01", BadTruncation},
	{"e164_plus/sha256/hex/+1", BadTruncation},
	{"e164_plus/sha256/hex/32", BadTruncation},
	{"e164_plus/sha256/hex/4294967297", BadTruncation},
	{"e164_plus/sha256/hex/10/", BadTruncation},
	{"=", BadSpec},
	{" " + own, BadSpec},
	{own + " ", BadSpec},
	{own + "x", BadSpec},
	{"form=e164_plus", BadSpec},
	{"form=e164_plus alg=sha256", BadSpec},
	{"form=e164_plus alg=sha256 enc=hex", BadSpec},
	{`form=e164_plus  alg=sha256 enc=hex template="{n}"`, BadSpec},
	{`alg=sha256 form=e164_plus enc=hex template="{n}"`, BadSpec},
	{`form= alg=sha256 enc=hex template="{n}"`, BadForm},
	{`form=none alg=sha256 enc=hex template="{n}"`, BadForm},
	{`form=email alg= enc=hex template="{n}"`, BadAlgorithm},
	{`form=email alg=unsupported enc=none template="{n}"`, BadAlgorithm},
	{`form=email alg=plain enc=hex template="{n}"`, BadEncoding},
	{`form=email alg=sha256 enc=text template="{n}"`, BadEncoding},
	{`form=email alg=plain enc=text trunc=1 template="{n}"`, BadTruncation},
	{`form=email alg=md5 enc=hex trunc=16 template="{n}"`, BadTruncation},
	{`form=email alg=md5 enc=hex trunc= template="{n}"`, BadTruncation},
	{`form=email alg=md5 enc=hex template={n}`, BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}`, BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}\"`, BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}\`, BadTemplate},
	{`form=email alg=md5 enc=hex template=""`, BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}{n}"`, BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}\n"`, BadTemplate},
	{"form=email alg=md5 enc=hex template=\"{n}\n\"", BadTemplate},
	{"form=email alg=md5 enc=hex template=\"{n}\u0085\"", BadTemplate},
	{"form=email alg=md5 enc=hex template=\"{n}\xff\"", BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}{"`, BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}}"`, BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}{N}"`, BadTemplate},
	{`form=email alg=md5 enc=hex template="\{n}"`, BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}{salt}{salt}{salt}" salt="s"`, BadTemplate},
	{`form=email alg=md5 enc=hex template="{n}` + strings.Repeat("x", MaxTemplate-2) + `"`, BadTemplate},
	{salted, BadSalt},
	{own + ` salt="s"`, BadSalt},
	{salted + ` salt=s`, BadSalt},
	{salted + ` salt=""`, BadSalt},
	{salted + ` salt="s`, BadSalt},
	{salted + ` salt="\s"`, BadSalt},
	{salted + ` salt="\{"`, BadSalt},
	{salted + " salt=\"\n\"", BadSalt},
	{salted + " salt=\"\xc3\"", BadSalt},
	{salted + ` salt="` + strings.Repeat("s", MaxSalt+1) + `"`, BadSalt},
	{salted + ` salt=0x`, BadSalt},
	{salted + ` salt=0x0`, BadSalt},
	{salted + ` salt=0x0A`, BadSalt},
	{salted + ` salt=0x41`, BadSalt}, // it is "A"
	{salted + ` salt=0x` + strings.Repeat("00", MaxSalt+1), BadSalt},
	{own + ` key=00`, BadKey},
	{keyed, BadKey},
	{keyed + ` key=`, BadKey},
	{keyed + ` key=0`, BadKey},
	{keyed + ` key=0G`, BadKey},
	{keyed + ` key=AB`, BadKey},
	{keyed + ` key=` + strings.Repeat("00", MaxKey+1), BadKey},
	{keyed + ` key=00 `, BadSpec},
}

func TestParse(t *testing.T) {
	seen := map[Recipe]bool{}
	for _, name := range good {
		r, err := Parse(name)
		if err != nil || r.String() != name {
			t.Errorf("%s: is %s, %v", name, &r, err)
		}
		if seen[r] {
			t.Errorf("%s: equals another", name)
		}
		seen[r] = true
		if len(name) > MaxName {
			t.Errorf("%s: longer than MaxName", name)
		}
	}
	if again, _ := Parse(own); !seen[again] {
		t.Error("the same name makes another recipe")
	}
	failed := map[Code]int{}
	for _, test := range bad {
		r, err := Parse(test.name)
		if err != test.want || r != (Recipe{}) {
			t.Errorf("%q: %v and %q, want %v", test.name, err, &r, test.want)
		}
		failed[test.want]++
	}
	for c := UnknownRecipe; c <= BadKey; c++ {
		if failed[c] == 0 {
			t.Errorf("nothing shows %v", c)
		}
	}
}

// An error tells nothing of what was asked for, which may hold a secret.
func TestCodes(t *testing.T) {
	_, err := Parse(own + ` salt="swordfish"`)
	var code Code
	if !errors.As(err, &code) || code != BadSalt || err.Error() != "BAD_SALT" {
		t.Errorf("got %v", err)
	}
	for c := OK; c <= BadKey; c++ {
		if c.String() == "" || strings.ToUpper(c.String()) != c.String() {
			t.Errorf("code %d is %q", c, c)
		}
	}
	if (BadKey+1).String() != "" || Form(99).String() != "" {
		t.Error("a value beyond the last has a name")
	}
}

func FuzzParse(f *testing.F) {
	seeds := 0
	for _, name := range good {
		f.Add(name)
		seeds++
	}
	for _, test := range bad {
		f.Add(test.name)
		seeds++
	}
	if seeds < 90 {
		f.Fatalf("%d seeds", seeds)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r, err := Parse(name)
		if err != nil {
			if r != (Recipe{}) {
				t.Fatalf("%q: an error and a recipe", name)
			}
			return
		}
		if got := r.String(); got != name || len(got) > MaxName {
			t.Fatalf("%q: parses and is written %q", name, got)
		}
		out := r.AppendText(nil, []byte("442079460000"))
		if len(out) == 0 || len(out) > r.TextRoom(12) {
			t.Fatalf("%q: gives %d bytes", name, len(out))
		}
		if r.Encoding() != Text {
			if raw, ok := r.Decode(nil, out); !ok || len(raw) != r.Size() {
				t.Fatalf("%q: own output decodes to %x, %v", name, raw, ok)
			}
		}
	})
}

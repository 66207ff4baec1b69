package recipe

import (
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	const (
		hex    = "758fbf68945f21c416814c539ab578876c8d98fb69e6da692def92cd52417fe0"
		base64 = "+09zpuxf23B31WTN0iw1VLQ85JFoVQw7EsVHt4xRezA="
		token  = "BQVVHxMt5zAFXA"
		double = "MTA0NmYwYjQ3MDU0YTgzMzU5NDc3ZGNiMzUyMzFkYjZkZTVjNjlmYjE2MTZlMWE2Yjk4ZTE5MmRlOWU1YjllZQ=="
	)
	for _, test := range []struct {
		why, recipe, text string
		size              int // 0 is none
	}{
		{"as written", "meta-capi", hex, 32},
		{"upper case", "meta-capi", strings.ToUpper(hex), 32},
		{"both cases", "meta-capi", strings.ToUpper(hex[:9]) + hex[9:], 32},
		{"white space around", "meta-capi", "\ufeff\u3000" + hex + "\r\n", 32},
		{"0x before", "meta-capi", "0x" + hex, 32},
		{"0X before", "meta-capi", " 0X" + hex, 32},
		{"0x twice", "meta-capi", "0x0x" + hex, 0},
		{"a digit short", "meta-capi", hex[1:], 0},
		{"a byte short", "meta-capi", hex[2:], 0},
		{"a byte long", "meta-capi", hex + "00", 0},
		{"no digit", "meta-capi", "g" + hex[1:], 0},
		{"white space inside", "meta-capi", hex[:63] + " ", 0},
		{"empty", "meta-capi", "", 0},
		{"0x alone", "meta-capi", "0x", 0},
		{"Base64 where hexadecimal is written", "google-enhanced-conversions", base64, 0},
		{"Base64", "google-data-manager-b64", base64, 32},
		{"Base64 without padding", "google-data-manager-b64", base64[:43], 32},
		{"Base64 of the other alphabet", "google-data-manager-b64", strings.Replace(base64, "+", "-", 1), 32},
		{"hexadecimal where Base64 is written", "google-data-manager-b64", hex, 0},
		{"too much padding", "google-data-manager-b64", base64 + "=", 0},
		{"padding that is none", "google-data-manager-b64", base64[:43] + "A", 0},
		{"bits left over", "google-data-manager-b64", base64[:42] + "B=", 0},
		{"no digit", "google-data-manager-b64", "*" + base64[1:], 0},
		{"ten bytes", "signal-legacy", token, 10},
		{"ten bytes, padded", "signal-legacy", token + "==", 10},
		{"ten bytes, half padded", "signal-legacy", token + "=", 0},
		{"encoded twice", "uid2-double", double, 32},
		{"encoded twice, without padding", "uid2-double", double[:86], 32},
		{"encoded once", "uid2-double", base64, 0},
		{"encoded twice, for the recipe that encodes once", "uid2-euid", double, 0},
		{"Base64 of no digits", "uid2-double", strings.Repeat("A", 88), 0},
		{"plain", "klaviyo", " +14155552671 ", 12},
		{"plain without +", "klaviyo", "14155552671", 0},
		{"plain with letters", "klaviyo", "+1415555CALL", 0},
		{"plain and alone", "klaviyo", "+", 0},
		{"plain in a template", "whatsapp-usync", "14155552671@c.us", 16},
		{"plain in another template", "whatsapp-usync", "14155552671@c.uk", 0},
		{"template alone", "whatsapp-usync", "@c.us", 0},
		{"half a template", "whatsapp-usync", "c.us", 0},
		{"plain with salt before", `form=digits_cc alg=plain enc=text template="a{salt}{n}b" salt="7"`, "a7123b", 6},
		{"plain with another salt", `form=digits_cc alg=plain enc=text template="a{salt}{n}b" salt="7"`, "a8123b", 0},
		{"plain RFC 3966", `form=rfc3966 alg=plain enc=text template="{n}"`, "tel:+44-20-7946-0000", 20},
		{"plain RFC 3966, cut", `form=rfc3966 alg=plain enc=text template="{n}"`, "tel:", 0},
		{"plain, spaced", `form=spaced_intl alg=plain enc=text template="{n}"`, "+44 20 7946 0000", 16},
		{"plain address", `form=email alg=plain enc=text template="{n}"`, "someone@example.com", 19},
		{"not computable", "linkedin-capi", hex, 0},
	} {
		r, ok := Lookup(test.recipe)
		if !ok {
			own, err := Parse(test.recipe)
			if err != nil {
				t.Fatalf("%s: %v", test.recipe, err)
			}
			r = &own
		}
		got, ok := r.Decode([]byte("before"), []byte(test.text))
		if ok != (test.size > 0) || len(got) != len("before")+test.size || !strings.HasPrefix(string(got), "before") {
			t.Errorf("%s: %s of %q gives %q, %v", test.why, test.recipe, test.text, got, ok)
		}
	}
}

// Any text may be pasted.
func FuzzDecode(f *testing.F) {
	f.Add("signal-legacy", []byte("BQVVHxMt5zAFXA"))
	f.Add("whatsapp-usync", []byte("14155552671@c.us"))
	f.Add("uid2-double", []byte(strings.Repeat("M", 88)))
	f.Add(`form=digits_cc alg=plain enc=text template="a{salt}{n}b{salt}" salt="7"`, []byte("a7123b7"))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		r, err := Parse(name)
		if err != nil {
			return
		}
		raw, ok := r.Decode(nil, text)
		switch {
		case !ok && len(raw) != 0:
			t.Fatalf("%s: no digest, yet %x", name, raw)
		case ok && r.Encoding() != Text:
			var out [64]byte
			copy(out[:], raw)
			back, again := r.Decode(nil, r.encode(nil, &out))
			if !again || string(back) != string(raw) {
				t.Fatalf("%s: %x comes back as %x", name, raw, back)
			}
		case ok && string(raw) != string(trim(text)):
			t.Fatalf("%s: %q is not %q", name, raw, text)
		}
	})
}

package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"sealbook/wasm/capture"
)

// A number over two, three and four fields is one number where the fields'
// names say so; with another calling code it is another person's.
func TestFields(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       Certainty
	}{
		{"three", `{"countryCode":"44","areaCode":"113","number":"4960654"}`, Certain},
		{"three, integers", `{"country_code":44,"area_code":113,"local_number":4960654}`, Certain},
		{"three, plus", `{"cc":"+44","area":"113","subscriber":"4960654"}`, Certain},
		{"four", `{"cc":"1","area":"212","exchange":"555","line":"0123"}`, Certain},
		{"four, form", `cc=1&npa=212&nxx=555&line=0123`, Certain},
		{"three, form", `cc=%2B44&area=113&number=4960654`, Certain},
		{"national alone", `{"areaCode":"0113","number":"4960654"}`, Likely},
		{"code behind", `{"areaCode":"113","number":"4960654","countryCode":"44"}`, Certain},
		{"XML", `<phone><country>44</country><area>113</area><number>4960654</number></phone>`, Certain},
		{"another code", `{"countryCode":"39","areaCode":"113","number":"4960654"}`, none},
		{"another code behind", `{"areaCode":"113","number":"4960654","countryCode":"39"}`, none},
		{"no names", `{"w":44,"h":113,"x":4960654}`, none},
		{"of two records", `[{"countryCode":"44","areaCode":"113"},{"number":"4960654"}]`, none},
		{"longer", `{"countryCode":"44","areaCode":"113","number":"49606541"}`, none},
		{"a decimal fraction", `{"countryCode":"44","areaCode":"113","number":4960654.5}`, none},
	} {
		got := none
		for _, f := range audit(t, Options{}, body(test.text)).Findings {
			got = max(got, f.Certainty)
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestParameters(t *testing.T) {
	for _, test := range []struct {
		name   string
		values string
		want   Certainty
		at     string
	}{
		{"two", "cc=44 phone=1134960654", Certain, "query:phone"},
		{"two, plus", "cc=%2B44 phone=1134960654", Certain, "query:phone"},
		{"three", "country=44 area=113 number=4960654", Certain, "query:number"},
		{"four", "v=2 cc=+1 area=212 exchange=555 line=0123", Certain, "query:line"},
		{"another code", "country=39 area=113 number=4960654", none, ""},
		{"no names", "a=44 b=113 c=4960654", none, ""},
	} {
		m := &capture.Message{}
		for _, pair := range strings.Fields(test.values) {
			name, value, _ := strings.Cut(pair, "=")
			m.Parts = append(m.Parts, capture.Part{Place: capture.Query, Name: []byte(name), Bytes: []byte(value)})
		}
		got, at := none, ""
		for _, f := range audit(t, Options{}, m).Findings {
			if f.Certainty >= Likely {
				got, at = f.Certainty, f.Location
			}
		}
		if got != test.want || at != test.at {
			t.Errorf("%s: %q at %q, want %q at %q", test.name, got, at, test.want, test.at)
		}
	}
}

// The key of an HMAC is found under the names that programs give it.
func TestKeys(t *testing.T) {
	key := []byte("k3y of 16 bytes.")
	mac := func(text string) string {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(text))
		return hex.EncodeToString(m.Sum(nil))
	}
	for _, name := range []string{"key", "hmac_key", "hmacKey", "secret", "hash_secret", "signing-key", "seed", "pepper", "hashSalt"} {
		for _, value := range []string{hex.EncodeToString(key), base64.StdEncoding.EncodeToString(key), base64.RawURLEncoding.EncodeToString(key)} {
			config := body(`{"` + name + `":"` + value + `","v":3}`)
			config.Direction = capture.Response
			r := audit(t, Options{}, config, body(`{"contacts":["`+mac("441134960654")+`"]}`))
			if len(r.Findings) != 1 || r.Findings[0].Certainty != Certain || r.Findings[0].Kind != Digest || r.Findings[0].Sent.Index != 1 {
				t.Errorf("%s: %q: %d findings", name, value, len(r.Findings))
			}
		}
	}
	r := audit(t, Options{Salts: []string{hex.EncodeToString(key)}}, body(mac(ada)))
	if len(r.Findings) != 1 {
		t.Errorf("a key that is given: %d findings", len(r.Findings))
	}
	// What a mark parts from a digest is its salt, whatever the rest is called.
	const salt = "9f8e7d6c5b4a"
	for _, text := range []string{salt + ":" + hx(sha(ada+salt)), hx(sha(salt+ada)) + ":" + salt, "$5$" + salt + "$" + raw64(sha(ada+":"+salt))} {
		if r := audit(t, Options{}, body(`{"h":"`+text+`"}`)); len(r.Findings) != 1 || r.Findings[0].Kind != Digest {
			t.Errorf("%s: %d findings", text, len(r.Findings))
		}
	}
	// Digests of digests may be cut, too.
	if r := audit(t, Options{}, body(`["`+hx(sha(hx(sha(ada))))[:20]+`","`+hx(sha(md(ada)))[:24]+`"]`)); len(r.Findings) != 2 {
		t.Errorf("cut digests of digests: %d findings", len(r.Findings))
	}
	// In JSON arrays of bytes and property lists a digest is bytes too.
	m := hmac.New(sha256.New, key)
	m.Write([]byte(ada))
	r = audit(t, Options{}, body(`{"hmac_key":"`+hex.EncodeToString(key)+`","h":`+list(string(m.Sum(nil)))+`}`))
	if len(r.Findings) != 1 {
		t.Errorf("as bytes: %d findings", len(r.Findings))
	}
}

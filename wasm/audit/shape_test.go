package audit

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sealbook/wasm/capture"
)

// Shapes that programs give to digests and texts besides hexadecimal digits,
// Base64 and bytes.
func TestShapes(t *testing.T) {
	sum := digest256()
	first := binary.BigEndian.Uint64(sum)
	md := md5.Sum([]byte(ada))
	uuidOf := func(p []byte) string {
		h := hex.EncodeToString(p)
		return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
	}
	v3 := md // java.util.UUID.nameUUIDFromBytes
	v3[6], v3[8] = v3[6]&15|0x30, v3[8]&0x3f|0x80
	v5 := [16]byte(sum)
	v5[6], v5[8] = v5[6]&15|0x50, v5[8]&0x3f|0x80
	v4 := v3
	v4[6] = v4[6]&15 | 0x40
	other := sha256.Sum256([]byte(berta))
	packed := append(append(append([]byte(nil), sum[:8]...), other[:8]...), make([]byte, 16)...)
	copy(packed[16:], "\x91\x82\x73\x64\xa5\xb6\xc7\xd8\x19\x2a\x3b\x4c\x5d\x6e\x7f\x81")
	byIndex := func(p []byte) string {
		var s strings.Builder
		for i, c := range p {
			fmt.Fprintf(&s, `,"%d":%d`, i, c)
		}
		return "{" + s.String()[1:] + "}"
	}
	parcel := func(s string) string { // android.os.Parcel: length, UTF-16, a zero, padding
		return fixed32(uint32(len(s))) + u16(s, binary.LittleEndian) + "\x00\x00\x00\x00"
	}
	quoted, _ := json.Marshal("BEGIN:VCARD\r\nTEL:+4411349\r\n 60654\r\nEND:VCARD")
	for _, test := range []struct{ name, text, want string }{
		{"a field that is cut to 17 bytes", pb(0x0a, string(sum[:17])), "certain digest " + hex.EncodeToString(sum[:17])},
		{"a field that is cut to 31 bytes", pb(0x0a, string(sum[:31])), "certain digest " + hex.EncodeToString(sum[:31])},
		{"fixed64", "\x09" + string(sum[:8]), "certain digest " + hex.EncodeToString(sum[:8])},
		{"fixed64 as it is written", "\x09" + fixed(first, binary.LittleEndian), "certain digest " + hex.EncodeToString([]byte(fixed(first, binary.LittleEndian)))},
		{"varint of 8 bytes", "\x08" + varint(first), "certain digest " + hex.EncodeToString([]byte(varint(first)))},
		{"packed, as many bytes as a digest", pb(0x0a, string(packed)), "certain digest " + hex.EncodeToString(sum[:8]) + ", certain digest " + hex.EncodeToString(other[:8])},
		{"8 bytes in decimal", fmt.Sprintf(`{"h":%d}`, first), fmt.Sprintf("certain digest %d", first)},
		{"8 bytes in decimal with a sign", fmt.Sprintf(`["%d"]`, int64(first)), fmt.Sprintf("certain digest %d", int64(first))},
		{"8 bytes in decimal and a fraction", fmt.Sprintf(`{"h":%d.5}`, first), ""},
		{"9 bytes in decimal", fmt.Sprintf(`{"h":%d7}`, first), ""},
		{"UUID", uuidOf(sum), "certain digest " + uuidOf(sum)},
		{"UUID of version 3", uuidOf(v3[:]), "certain digest " + uuidOf(v3[:])},
		{"UUID of version 5", `{"id":"` + uuidOf(v5[:]) + `"}`, "certain digest " + uuidOf(v5[:])},
		{"UUID of version 4", uuidOf(v4[:]), ""},
		{"UUID of which a later byte differs", uuidOf(append(sum[:15:15], sum[15]^1)), ""},
		{"Uint8Array", `{"h":` + byIndex(sum) + `}`, "certain digest " + hex.EncodeToString(sum)},
		{"Uint8Array of text", `{"h":` + byIndex([]byte(ada)) + `}`, "certain number " + ada},
		{"bytes as text", `["` + strings.Join(strings.Fields(strings.Trim(fmt.Sprint([]byte(ada)), "[]")), `","`) + `"]`, "certain number " + ada},
		{"digits", `{"phone":[4,4,1,1,3,4,9,6,0,6,5,4]}`, "certain number 441134960654"},
		{"digits as text", `{"phone":["4","4","1","1","3","4","9","6","0","6","5","4"]}`, "certain number 441134960654"},
		{"digits of something", `{"x":[4,4,1,1,3,4,9,6,0,6,5,4]}`, ""},

		{"a message as long as a digest", hx(pb(0x0a, string(md[:])) + "\x10\x01"), "certain digest " + hex.EncodeToString(md[:])},
		{"a long message in Base32", base32.StdEncoding.EncodeToString([]byte("\x08\x07" + pb(0x12, escaped("a long text that holds "+ada, "%%%02x")))), "certain number " + ada},
		{"deflate with its own codes, as long as a digest", `{"d":"0dc8410a80400805d0bbb8ad45e21f75ba8d0d4a1054fbe8eef596efa17bbfcea495268059d075d1069ae9f84f61a25ceac37b019e91864dc2442a829bd1fb01"}`, "certain number " + ada}, // by zlib, of {"phone":…,"k":…}
		{"UTF-16 behind its length", parcel("tel") + parcel(ada) + parcel("x"), "certain number " + ada},
		{"a folded vCard", "BEGIN:VCARD\r\nTEL:+4411349\r\n 60654\r\nEND:VCARD\r\n", "certain number +4411349\r\n 60654"},
		{"a folded vCard in JSON", `{"card":` + string(quoted) + `}`, "certain number +4411349\r\n 60654"},
		{"lines of something", "BEGIN:LIST\r\nTEL:+4411349\r\n 60654\r\n", ""},
		{"zlib behind its length", "\x00\x00\x00\x1e" + zl(`{"phone":"`+ada+`","k":"kkkk"}`), "certain number " + ada},
		{"deflate behind its length", "\x1e\x00\x00\x00" + deflate(`{"phone":"`+ada+`","k":"kkkk"}`), "certain number " + ada},
		{"a plus in quoted-printable", "=?utf-8?Q?=2B441134960654?=", "certain number +441134960654"},
	} {
		var got []string
		for _, f := range audit(t, Options{}, body(test.text)).Findings {
			if f.Certainty > Possible {
				got = append(got, fmt.Sprintf("%v %v %s", f.Certainty, f.Kind, f.Value))
			}
		}
		if s := strings.Join(got, ", "); s != test.want {
			t.Errorf("%s: %q, want %q", test.name, s, test.want)
		}
	}
}

func fixed32(v uint32) string { return string(binary.LittleEndian.AppendUint32(nil, v)) }

// Something packed behind bytes of another kind, and nothing in it, is clean.
func TestMeasured(t *testing.T) {
	text := ""
	for i := range 200 {
		text += fmt.Sprintf("%x ", sha256.Sum256([]byte{byte(i)}))
	}
	for name, p := range map[string]string{"gzip": gz(text), "zlib": zl(text), "deflate": deflate(text)} {
		if r := audit(t, Options{}, body(fixed32(uint32(len(text)))+p)); r.Verdict() != Clean {
			t.Errorf("%s behind its length: %v, %v", name, r.Verdict(), r.Unreadable)
		}
	}
}

// Names are known without the marks on their letters, in either normal form.
func TestNames(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       bool
	}{
		{"Jörg Weiß", "Jörg Weiß", true},
		{"Jörg Weiß", "Jo\u0308rg Weiß", true},
		{"Jörg Weiß", "JÖRG WEISS", true},
		{"Jörg Weiß", `{"first":"Jorg","last":"Weiß"}`, true},
		{"Jörg Weiß", "Weiß, Jörg", true},
		{"Jörg Weiß", "Jürg Weiß", false},
		{"Nguyễn Văn An", "NGUYỄN VĂN AN", true},
		{"Łukasz Wójcik", "lukasz wojcik", true},
		{"Νίκος Παπαδόπουλος", "ΝΙΚΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ", true},
		{"Νίκος Παπαδόπουλος", "Νι\u0301κος Παπαδο\u0301πουλος", true},
		{"Сергей Королёв", "СЕРГЕЙ КОРОЛЕВ", true},
		{"Søren Kjær", "SØREN KJÆR", true},
		{"李小龙", `{"name":"李小龙"}`, true},
		{"李小龙", `{"name":"李小龙女"}`, false},
		{"김철수", "김철수", true},
		{"Ada", "Ada", false},
	} {
		b := new(Book)
		b.AddNumber(b.Add(test.name), mustNumber(t, ada))
		a := New(b, Options{})
		a.Message(body(test.text))
		list := a.End().Findings
		if found := len(list) == 1 && list[0].Kind == Name && list[0].Certainty == Possible; found != test.want {
			t.Errorf("%q in %q: %v", test.name, test.text, list)
		}
	}
}

// A salt is one also where its value was seen under another name.
func TestSaltSeenBefore(t *testing.T) {
	const salt = "9f8e7d6c5b4a"
	m := &capture.Message{Parts: []capture.Part{
		{Place: capture.Query, Name: []byte("code"), Bytes: []byte(salt)},
		{Place: capture.Query, Name: []byte("salt"), Bytes: []byte(salt)},
		{Place: capture.Body, Bytes: []byte(hx(sha(salt + ada)))},
	}}
	if r := audit(t, Options{}, m); len(r.Findings) != 1 {
		t.Errorf("%d findings", len(r.Findings))
	}
}

// What looks encrypted and is nearly all that was sent cannot be told from a list
// of contacts; beside other things it is a token or a signature.
func TestOpaque(t *testing.T) {
	random := ""
	for i := range 8 {
		random += sha(fmt.Sprint(i))
	}
	for _, test := range []struct {
		name, text string
		want       Verdict
	}{
		{"a body", random[:200], CannotTell},
		{"in Base64, alone in JSON", `{"d":"` + b64(random[:200]) + `"}`, CannotTell},
		{"in hexadecimal digits, alone in a form", "d=" + hx(random[:200]), CannotTell},
		{"beside other things", `{"signature":"` + b64(random[:200]) + `","device":"a phone","locale":"en_GB","app":"com.example.app","name":"an app with a name that is long enough","version":"1.2.3","session":"` + hx(random[:24]) + `","time":1700000000}`, Clean},
		{"text in Base58, which are letters of Base64 too", `{"d":"` + b58("what nobody has to know: "+hx(random[:60])) + `"}`, Clean},
		{"gzip in Base58", `{"d":"` + b58(gz(hx(random[:120]))) + `"}`, Clean},
		{"a signature that is most of JSON", `{"signature":"` + b64(random[:256]) + `","device":"a phone","locale":"en_GB"}`, Clean},
		{"deflate in Base32, which are letters of Base64 too", `{"d":"` + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(deflate(hx(random[:100])))) + `"}`, Clean},
		{"most of JSON", `{"iv":"` + b64(random[:16]) + `","ciphertext":"` + b64(random[16:144]) + `","tag":"` + b64(random[:16]) + `"}`, CannotTell},
		{"JWE", `{"d":"` + jwtPart(`{"alg":"dir","enc":"A256GCM"}`) + ".." + jwtPart(random[:12]) + "." + jwtPart(random[:40]) + "." + jwtPart(random[:16]) + `"}`, CannotTell},
		{"JWS", `{"d":"` + jwtPart(`{"alg":"HS256","typ":"JWT"}`) + "." + jwtPart(`{"sub":"1"}`) + "." + jwtPart(random[:32]) + `"}`, Clean},
		{"Fernet", `{"d":"` + b64("\x80\x00\x00\x00\x00\x67\x49\x7f\x70"+random[:96]) + `"}`, CannotTell},
		{"OpenSSL", "Salted__" + random[:24], CannotTell},
		{"OpenSSL in Base64", b64("Salted__" + random[:40]), CannotTell},
		{"age", "age-encryption.org/v1\n-> X25519 " + raw64(random[:32]) + "\n" + raw64(random[:32]) + "\n--- " + raw64(random[:32]) + "\n" + random[:56], CannotTell},
		{"PGP", "-----BEGIN PGP MESSAGE-----\n\n" + wrap(b64(random[:200]), 64) + "\n=abcd\n-----END PGP MESSAGE-----\n", CannotTell},
		{"a key of PGP", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + wrap(b64(random[:200]), 64) + "\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n", Clean},
		{"as long as digests", `{"d":"` + b64(random[:64]) + `"}`, Clean},
	} {
		if got := audit(t, Options{}, body(test.text)).Verdict(); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// An address is that of a person in the spellings that its mailbox has, and so are
// digests of them.
func TestAddresses(t *testing.T) {
	for _, test := range []struct {
		address, text string
		want          string
	}{
		{"Ada.Ashdown+shop@gmail.com", "adaashdown@gmail.com", "likely email"},
		{"Ada.Ashdown+shop@gmail.com", "a.da.ashdown+news@googlemail.com", "likely email"},
		{"Ada.Ashdown+shop@gmail.com", hx(sha("adaashdown@gmail.com")), "certain digest"},
		{"Ada.Ashdown+shop@gmail.com", hx(sha("ada.ashdown@gmail.com")), "certain digest"},
		{"Ada.Ashdown+shop@gmail.com", hx(sha("Ada.Ashdown+shop@gmail.com")), "certain digest"},
		{"ada.ashdown@googlemail.com", hx(sha("adaashdown@googlemail.com")), "certain digest"},
		{"ada.ashdown@googlemail.com", hx(sha("adaashdown@gmail.com")), "certain digest"},
		{"Ada@Example.org", hx(sha("Ada@Example.org")), "certain digest"},
		{"ada.ashdown@example.org", "adaashdown@example.org", ""},
		{"ada.ashdown@example.org", hx(sha("adaashdown@example.org")), ""},
		{"ada.ashdown@gmail.com", "ada.ashdowne@gmail.com", ""},
	} {
		b := new(Book)
		b.AddEmail(b.Add(""), test.address)
		a := New(b, Options{})
		a.Message(body(test.text))
		got := ""
		for _, f := range a.End().Findings {
			got += f.Certainty.String() + " " + f.Kind.String()
		}
		if got != test.want {
			t.Errorf("%s as %s: %q, want %q", test.address, test.text, got, test.want)
		}
	}
}

func jwtPart(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

package corpus

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// A nearMiss looks like a contact and is none.
type nearMiss struct {
	class string
	make  func(r *rand.Rand, p Contact) Request
}

func missJSON(value func(r *rand.Rand, p Contact) string) func(*rand.Rand, Contact) Request {
	return asJSON(value)
}

// otherCode is a calling code that is not the contact's.
func otherCode(r *rand.Rand, p Contact) string {
	for {
		if c := []string{"7", "39", "34", "81", "55", "61", "353"}[r.IntN(7)]; c != p.Code {
			return c
		}
	}
}

// altered changes a digit that all numbers of the book's ranges have.
func altered(s string) string {
	b := []byte(s)
	i := len(b) - 5
	b[i] = '0' + (b[i]-'0'+4)%10
	return string(b)
}

func thousands(s, sep string) string {
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}

var nearMisses = []nearMiss{
	{"another calling code", missJSON(func(r *rand.Rand, p Contact) string { return "+" + otherCode(r, p) + p.Significant })},
	{"another calling code, parted", missJSON(func(r *rand.Rand, p Contact) string { return "+" + otherCode(r, p) + " " + p.Significant })},
	{"another calling code, grouped", missJSON(func(r *rand.Rand, p Contact) string {
		return "+" + otherCode(r, p) + " " + grouped(p.Significant, " ", 3, 3, 9)
	})},
	{"another calling code with 00", missJSON(func(r *rand.Rand, p Contact) string { return "00" + otherCode(r, p) + p.Significant })},
	{"another calling code, split", func(r *rand.Rand, p Contact) Request {
		return post(fmt.Sprintf(`{"countryCode":"%s","phone":"%s"}`, otherCode(r, p), p.Significant), "application/json")
	}},
	{"another calling code, form", func(r *rand.Rand, p Contact) Request {
		return post("cc="+otherCode(r, p)+"&phone="+p.Significant, "application/x-www-form-urlencoded")
	}},
	{"another calling code, parameters", func(r *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "api.vendor.example", Path: "/c", Query: [][2]string{{"cc", otherCode(r, p)}, {"phone", p.Significant}}}
	}},
	{"another calling code, protobuf", binaryBody(func(r *rand.Rand, p Contact) []byte {
		cc, _ := strconv.ParseUint(otherCode(r, p), 10, 64)
		v, _ := strconv.ParseUint(p.Significant, 10, 64)
		return field(4, append(varint(1, cc), varint(2, v)...))
	})},
	{"longer behind", missJSON(func(r *rand.Rand, p Contact) string { return digits(p) + strconv.Itoa(r.IntN(10)) })},
	{"longer in front", missJSON(func(r *rand.Rand, p Contact) string { return strconv.Itoa(2+r.IntN(8)) + digits(p) })},
	{"longer on both sides", missJSON(func(r *rand.Rand, p Contact) string { return "77" + digits(p) + "12" })},
	{"card", missJSON(func(r *rand.Rand, p Contact) string { return grouped(digits(p)+"9018", " ", 4) })},
	{"groups that go on", missJSON(func(r *rand.Rand, p Contact) string { return p.Spaced[1:] + " 77" })},
	{"one digit off", missJSON(func(r *rand.Rand, p Contact) string { return "+" + altered(digits(p)) })},
	{"thousands", missJSON(func(r *rand.Rand, p Contact) string { return thousands(digits(p), ",") })},
	{"thousands, dots", missJSON(func(r *rand.Rand, p Contact) string { return thousands(digits(p), ".") })},
	{"thousands of the national number", missJSON(func(r *rand.Rand, p Contact) string { return thousands(p.Significant, ",") })},
	{"fraction", bare(func(p Contact) string { return "0." + digits(p) })},
	{"decimal point", bare(func(p Contact) string { return p.Significant[:5] + "." + p.Significant[5:] })},
	{"with a fraction", bare(func(p Contact) string { return digits(p) + ".75" })},
	{"another exponent", bare(func(p Contact) string { return digits(p)[:1] + "." + digits(p)[1:] + "e15" })},
	{"milliseconds", missJSON(func(r *rand.Rand, p Contact) string { return strconv.Itoa(1700000000000 + r.IntN(1e10)) })},
	{"order", missJSON(func(r *rand.Rand, p Contact) string {
		return "ORD-" + p.Significant[:5] + "-" + p.Significant[5:] + "-" + strconv.Itoa(r.IntN(100))
	})},
	{"IPv4", missJSON(func(r *rand.Rand, p Contact) string {
		return fmt.Sprintf("%d.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256))
	})},
	{"coordinates", bare(func(p Contact) string { return fmt.Sprintf(`{"lat":%s.%s}`, p.Significant[:2], p.Significant[2:]) })},
	{"inside hexadecimal digits", missJSON(func(r *rand.Rand, p Contact) string { return "a" + digits(p) + hexOf(bytesOf(r, 8)) + "f" })},
	{"uuid", missJSON(func(r *rand.Rand, p Contact) string {
		h := hexOf(bytesOf(r, 16))
		return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
	})},
	{"varint, end of a longer one", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return noise(r, append([]byte{0x83, 0xff}, binary.AppendUvarint(nil, integer(p))...))
	})},
	{"varint of another", binaryBody(func(r *rand.Rand, p Contact) []byte { return varint(2, integer(p)+1e6+uint64(r.IntN(1e6))*1000) })},
	{"random digest", missJSON(func(r *rand.Rand, p Contact) string { return hexOf(bytesOf(r, 32)) })},
	{"digest of another", missJSON(func(r *rand.Rand, p Contact) string { return hexOf(sha256Of("+" + otherCode(r, p) + p.Significant)) })},
	{"digest with its last digit off", missJSON(func(r *rand.Rand, p Contact) string {
		d := sha256Of(p.E164)
		d[31] ^= 1
		return hexOf(d)
	})},
	{"digest with a byte off, Base64", missJSON(func(r *rand.Rand, p Contact) string {
		d := sha256Of(p.E164)
		d[12+r.IntN(20)] ^= 0x10
		return base64.StdEncoding.EncodeToString(d)
	})},
	{"digest cut to 5 bytes", missJSON(func(r *rand.Rand, p Contact) string { return hexOf(sha256Of(p.E164)[:5]) })},
	{"address of another domain", missJSON(func(r *rand.Rand, p Contact) string { return p.Email + ".uk" })},
	{"longer address", missJSON(func(r *rand.Rand, p Contact) string { return "x" + p.Email })},
	{"first name", missJSON(func(r *rand.Rand, p Contact) string { return strings.Fields(p.Name)[0] })},
	{"binary", binaryBody(func(r *rand.Rand, p Contact) []byte { return append([]byte("\x89PNG\r\n\x1a\n"), bytesOf(r, 2000)...) })},
}

package number

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// metadata is what the tests read of the pinned metadata.
type metadata struct {
	Version string
	Regions []map[string]any
}

func readMetadata(t testing.TB) *metadata {
	t.Helper()
	text, err := os.ReadFile("gentable/metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	m := new(metadata)
	if err := json.Unmarshal(text, m); err != nil {
		t.Fatal(err)
	}
	return m
}

var fields = map[string]Type{"fixed": FixedLine, "mobile": Mobile, "tollFree": TollFree, "premium": PremiumRate, "shared": SharedCost,
	"personal": PersonalNumber, "voip": VoIP, "pager": Pager, "uan": UAN, "voicemail": Voicemail}

// TestExamples reads each region's example number of each type in every form.
func TestExamples(t *testing.T) {
	m := readMetadata(t)
	if m.Version != MetadataVersion {
		t.Errorf("metadata %s, tables %s", m.Version, MetadataVersion)
	}
	count, others := 0, 0
	for _, r := range m.Regions {
		id, code := r["id"].(string), strconv.Itoa(int(r["code"].(float64)))
		for field, kind := range fields {
			d, _ := r[field].(map[string]any)
			text, _ := d["example"].(string)
			if text == "" {
				continue
			}
			count++
			n, err := Parse("+"+code+text, "")
			if err != nil {
				t.Errorf("%s %s: %v", id, field, err)
				continue
			}
			info := n.Info()
			if !info.Valid || info.Possible != IsPossible && info.Possible != IsPossibleLocalOnly {
				t.Errorf("%s %s: %+v", id, field, info)
			}
			// Regions that share a calling code share some numbers too.
			if info.Region != id {
				others++
			}
			if info.Type != kind && info.Type != FixedLineOrMobile && info.Region == id {
				t.Errorf("%s %s: type %v", id, field, info.Type)
			}
			for _, f := range []Format{E164, International, National, RFC3966} {
				if f == National && id == "001" {
					continue
				}
				again, err := Parse(n.Format(f), id)
				if err != nil || again != n {
					t.Errorf("%s %s in format %d: %v, %v", id, field, f, again == n, err)
				}
			}
		}
	}
	if count != 1144 || others != 137 {
		t.Errorf("%d examples, %d in other regions", count, others)
	}
}

// TestTexts reads tests/vectors/numbers.json, whose names say what is odd about
// each text. The other engines read it too.
func TestTexts(t *testing.T) {
	text, err := os.ReadFile("../../tests/vectors/numbers.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Count   int
		Vectors []struct{ Class, Name, Text, Hex, Region, Want string }
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	names, classes := map[string]bool{}, map[string]int{}
	for _, c := range file.Vectors {
		if names[c.Name] {
			t.Errorf("%s: twice", c.Name)
		}
		names[c.Name] = true
		classes[c.Class]++
		in := []byte(c.Text)
		if c.Hex != "" {
			if in, err = hex.DecodeString(c.Hex); err != nil {
				t.Fatal(err)
			}
		}
		got := ""
		if n, code := ParseBytes(in, c.Region); code != OK {
			got = code.String()
		} else {
			b, _ := n.MarshalText()
			got = string(b)
		}
		if got != c.Want {
			t.Errorf("%s: %s, not %s", c.Name, got, c.Want)
		}
	}
	if len(file.Vectors) != file.Count {
		t.Errorf("%d vectors, not %d", len(file.Vectors), file.Count)
	}
	for _, class := range []string{"punctuation", "marks", "pluses", "contexts", "extensions", "digits", "letters", "surrogates", "bytes", "zeros", "prefixes", "length", "regions", "texts"} {
		if classes[class] < 3 {
			t.Errorf("%d vectors of %s", classes[class], class)
		}
	}
	if _, code := ParseBytes([]byte(strings.Repeat("1", 1<<20)), "GB"); code != TooLong {
		t.Errorf("a megabyte: %v", code)
	}
}

func TestCodes(t *testing.T) {
	_, err := Parse("12", "")
	if !errors.Is(err, InvalidCountryCode) || errors.Is(err, TooLong) || err.Error() != "INVALID_COUNTRY_CODE" {
		t.Errorf("%v", err)
	}
	for c := OK; c <= TooLong; c++ {
		if c.String() == "UNKNOWN" {
			t.Errorf("code %d has no name", c)
		}
	}
	for k := FixedLine; k <= Voicemail; k++ {
		if k.String() == "UNKNOWN" {
			t.Errorf("type %d has no name", k)
		}
	}
}

// TestRegions: only two upper-case letters of a known region are one.
func TestRegions(t *testing.T) {
	list := Regions()
	if len(list) != 245 || list[0] != "AC" || list[244] != "ZW" {
		t.Errorf("%d regions from %s", len(list), list[0])
	}
	for i, r := range list {
		if i > 0 && list[i-1] >= r || CallingCode(r) == 0 {
			t.Errorf("%s out of order or without calling code", r)
		}
	}
	for _, r := range []string{"", "ZZ", "001", "gb", "Gb", "GBR", "G", "G\x00", "\xff\xff", "[A", "@@"} {
		if CallingCode(r) != 0 {
			t.Errorf("%q is a region", r)
		}
		if _, err := Parse("020 7946 0018", r); err != InvalidCountryCode {
			t.Errorf("%q: %v", r, err)
		}
	}
}

func TestText(t *testing.T) {
	for _, s := range []string{"", "+442079460018", "+390612345678;ext=0", "+80012345678", "+44" + strings.Repeat("0", 17) + ";ext=" + strings.Repeat("9", 20), "+4400"} {
		var n Number
		if err := n.UnmarshalText([]byte(s)); err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		if b, err := n.MarshalText(); err != nil || string(b) != s {
			t.Errorf("%q again: %q, %v", s, b, err)
		}
	}
	for _, s := range []string{"+", "442079460018", "+44", "+441", "+44 20", "+999123456", "+0123456", "+44" + strings.Repeat("1", 18), "+442079460018;ext=", "+442079460018;ext=1a", "+442079460018;ext=" + strings.Repeat("1", 21), "+442079460018x5", "+442079460018;EXT=5"} {
		n := Number{plan: 1}
		var code Code
		if err := n.UnmarshalText([]byte(s)); !errors.As(err, &code) || n != (Number{plan: 1}) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// TestPrograms holds the matcher of prefixes against Go's regular expressions,
// which prefer the same alternatives.
func TestPrograms(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	checked, matched := 0, 0
	for _, r := range readMetadata(t).Regions {
		id := r["id"].(string)
		e := &entries[regionOf(id)]
		for field, program := range map[string]uint8{"idd": e.idd, "parse": e.prefix, "leading": e.leading} {
			pattern, _ := r[field].(string)
			if pattern == "" || id == "001" {
				continue
			}
			re := regexp.MustCompile("^(?:" + pattern + ")")
			for range 2000 {
				text := make([]byte, random.IntN(18))
				for i := range text {
					text[i] = byte('0' + random.IntN(10))
					if random.IntN(3) == 0 {
						text[i] = pattern[random.IntN(len(pattern))]
						if !isDigit(text[i]) {
							text[i] = '0'
						}
					}
				}
				digits := make([]byte, len(text))
				for i := range text {
					digits[i] = text[i] - '0'
				}
				want := re.FindSubmatchIndex(text)
				got, ok := digitsOf(digits).match(program)
				checked++
				if ok {
					matched++
				}
				if len(digits) == 0 || ok != (want != nil) && len(digits) > 0 {
					if ok != (want != nil) && len(digits) > 0 {
						t.Fatalf("%s %s: matched %v", id, field, ok)
					}
					continue
				}
				if !ok {
					continue
				}
				last := want[len(want)-2:]
				if len(want) == 2 {
					last = []int{-1, -1}
				}
				if got.end != want[1] || got.open != last[0] || got.open >= 0 && got.close != last[1] {
					t.Fatalf("%s %s: %+v, want %v", id, field, got, want)
				}
			}
		}
	}
	if checked < 700_000 || matched < 30_000 {
		t.Errorf("%d checked, %d matched", checked, matched)
	}
}

// TestQuick: the quick loop of ParseBytes answers what parseText does.
func TestQuick(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300_000 {
		text := make([]byte, random.IntN(24))
		for i := range text {
			text[i] = "0123456789012345678901234567890+ -()./*[]"[random.IntN(41)]
			if random.IntN(40) == 0 {
				text[i] = byte(random.IntN(128))
			}
		}
		region := []string{"GB", "US", "AR", "IT", "", "AG", "BR"}[random.IntN(7)]
		a, ac := ParseBytes(text, region)
		b, bc := parseText(text, regionOf(region))
		if a != b || ac != bc {
			t.Fatalf("%v and %v in %q", ac, bc, region)
		}
	}
}

// digitsOf packs values of 0–9.
func digitsOf(list []byte) digits {
	var t tally
	return t.pack(copy(t[:], list))
}

func TestAllocations(t *testing.T) {
	var room [MaxText]byte
	texts := [][]byte{[]byte("020 7946 0018"), []byte("+44 (0) 20 7946 0018 x123"), []byte("tel:7946;phone-context=+4420"), []byte("+\uff14\uff14 20 7946 0018"), []byte("0800 FLOWERS"), []byte("garbage"), []byte("0343 15 555 1212")}
	if n := testing.AllocsPerRun(100, func() {
		for _, text := range texts {
			for _, region := range []string{"GB", "AR", ""} {
				n, _ := ParseBytes(text, region)
				for f := E164; f <= Significant; f++ {
					n.Append(room[:0], f)
				}
				n.Info()
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestCapacity prints how full the fixed fields of the tables are.
func TestCapacity(t *testing.T) {
	for _, c := range []struct {
		name       string
		used, room int
	}{
		{"states", 1 + nodeCount, tailBit}, {"tails", 1 + tailCount + leafCount, tailBit}, {"pairs of region and type", len(pairData) / 2, 127 - int(Voicemail)}, {"sets of leading digits", setUsed, 255},
		{"programs", programCount, 255}, {"splits", splitCount, 255}, {"forms", formCount, 31}, {"rules", ruleCount, 15}, {"regions", len(entries), 256}, {"calling codes", len(plans), 256},
	} {
		t.Logf("%6d of %6d %s", c.used, c.room, c.name)
		if c.used > c.room {
			t.Errorf("too many %s", c.name)
		}
	}
	if int(nextNode) != len(class) || int(nextTail) != len(tails) {
		t.Errorf("%d states of %d, %d tails of %d", nextNode, len(class), nextTail, len(tails))
	}
	if setUsed != setCount || layoutUsed != layoutCount {
		t.Errorf("%d sets, %d layouts", setUsed, layoutUsed)
	}
}

// FuzzParse: no text traps, a Number survives its own text, and a valid number
// survives each of libphonenumber's formats that says its calling code.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "+44 20 7946 0018", "tel:7946;phone-context=+4420", "1-800-FLOWERS x12#", "\uff0b\uff11", "\xff\xfe12345", ";ext=1;isub=2", "+++1 201 555 0123,,9"} {
		f.Add([]byte(s), "GB")
	}
	f.Fuzz(func(t *testing.T, text []byte, region string) {
		n, code := ParseBytes(text, region)
		if code != OK {
			if n != (Number{}) {
				t.Fatal("a number beside a code")
			}
			return
		}
		if n.plan == 0 || n.digits < 2 || n.digits > maxNational {
			t.Fatal("not a number")
		}
		b, _ := n.MarshalText()
		var again Number
		if err := again.UnmarshalText(b); err != nil || again != n {
			t.Fatalf("its own text: %v", err)
		}
		for f := E164; f <= Significant; f++ {
			if len(n.Format(f)) > MaxText {
				t.Fatal("longer than MaxText")
			}
		}
		if n.Valid() {
			for _, f := range []Format{International, RFC3966} {
				if again, err := Parse(n.Format(f), ""); err != nil || again != n {
					t.Fatalf("format %d: %v", f, err)
				}
			}
		}
	})
}

package short

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestMetadata holds every text of two and three digits, some of four to six,
// and the examples, in every region against the metadata's own patterns.
func TestMetadata(t *testing.T) {
	text, err := os.ReadFile("../gentable/metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	type desc struct{ Pattern, Example string }
	var m struct {
		Version string
		Short   []struct {
			ID                        string
			General, Short, Emergency *desc
		}
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if m.Version != MetadataVersion {
		t.Errorf("metadata %s, tables %s", m.Version, MetadataVersion)
	}
	var texts []string
	for i := range 100 {
		texts = append(texts, fmt.Sprintf("%02d", i))
	}
	for i := range 1000 {
		texts = append(texts, fmt.Sprintf("%03d", i))
		if i%5 == 0 {
			texts = append(texts, fmt.Sprintf("%04d", i*7919%10_000), fmt.Sprintf("%05d", i*7919%100_000), fmt.Sprintf("%06d", i*999_983%1_000_000))
		}
	}
	counts := map[Kind]int{}
	for _, r := range m.Short {
		compiled := func(d *desc) *regexp.Regexp {
			if d == nil {
				return regexp.MustCompile("^x$")
			}
			return regexp.MustCompile("^(?:" + d.Pattern + ")$")
		}
		general, short, emergency := compiled(r.General), compiled(r.Short), compiled(r.Emergency)
		list := texts
		for _, d := range []*desc{r.Short, r.Emergency} {
			if d != nil && d.Example != "" {
				list = append(list, d.Example)
			}
		}
		for _, s := range list {
			want := None
			switch {
			case emergency.MatchString(s):
				want = Emergency
			case general.MatchString(s) && short.MatchString(s):
				want = Short
			}
			if got := Lookup([]byte(s), r.ID); got != want {
				t.Errorf("%s %s: %v, not %v", r.ID, s, got, want)
			}
			counts[want]++
		}
	}
	// As the metadata has them: a refresh changes these.
	want := map[Kind]int{Emergency: 1123, Short: 6848}
	if counts[Emergency] != want[Emergency] || counts[Short] != want[Short] || len(m.Short) != 241 {
		t.Errorf("%d regions, %v", len(m.Short), counts)
	}
}

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		why, text, region string
		want              Kind
	}{
		{"alone", "911", "US", Emergency},
		{"with blanks and hyphens", " 9-1 1 ", "US", Emergency},
		{"a name behind", "911 (emergency)", "US", Emergency},
		{"the European one", "112", "DE", Emergency},
		{"not one of the region", "911", "GB", None},
		{"directory enquiries", "118 500", "GB", Short},
		{"a plus: a number of the world", "+911", "US", None},
		{"a full-width plus", "\uff0b911", "US", None},
		{"a plus behind", "911+", "US", None},
		{"full-width digits", "\uff19\uff11\uff11", "US", Emergency},
		{"Arabic digits", "\u0669\u0661\u0661", "US", Emergency},
		{"Persian digits", "\u06f9\u06f1\u06f1", "US", Emergency},
		{"a cut full-width digit", "91\xef\xbc", "US", None},
		{"more digits behind", "9110", "US", Short},
		{"a whole number", "(201) 555-0123", "US", None},
		{"250 bytes", "911" + strings.Repeat(" ", 247), "US", Emergency},
		{"251 bytes", "911" + strings.Repeat(" ", 248), "US", None},
		{"eleven digits", "91111111111", "US", None},
		{"one digit", "1", "US", None},
		{"no digit", "emergency", "US", None},
		{"empty", "", "US", None},
		{"no region", "911", "", None},
		{"an unknown region", "911", "ZZ", None},
		{"no country", "112", "001", None},
		{"a region in small letters", "911", "us", None},
	} {
		if got := Lookup([]byte(c.text), c.region); got != c.want {
			t.Errorf("%s: %v, not %v", c.why, got, c.want)
		}
	}
}

// TestRoom prints how much of the numbering is used.
func TestRoom(t *testing.T) {
	var emergency, short uint8
	for i := 0; i < len(regionData); i += 4 {
		emergency, short = max(emergency, regionData[i+2]), max(short, regionData[i+3])
	}
	t.Logf("%d of 255 patterns of emergency numbers, %d of 255 of short ones", emergency, short)
	if nth(emergencyText, emergency) == "" || nth(shortText, short) == "" {
		t.Error("a pattern that is not there")
	}
}

func TestNoAllocation(t *testing.T) {
	text := []byte("118 500")
	if n := testing.AllocsPerRun(100, func() { Lookup(text, "GB") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzLookup: whatever the text, a plus behind it makes it no short number, and
// blanks and hyphens around it change nothing.
func FuzzLookup(f *testing.F) {
	for _, seed := range []string{"", "911", "\uff19\uff11\uff11", "\u0669\u0661\u0661", "118 500", "91\xef", "9\xd91", "\xdb"} {
		f.Add([]byte(seed), "GB")
	}
	f.Fuzz(func(t *testing.T, text []byte, region string) {
		kind := Lookup(text, region)
		if kind > Emergency {
			t.Fatalf("kind %d", kind)
		}
		if len(text) > maxText-4 {
			return
		}
		if got := Lookup(append(append([]byte("- "), text...), " -"...), region); got != kind {
			t.Errorf("%v with blanks, %v without", got, kind)
		}
		if got := Lookup(append(append([]byte{}, text...), '+'), region); got != None {
			t.Errorf("%v with a plus", got)
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	text := []byte("118 500")
	for b.Loop() {
		Lookup(text, "ZW")
	}
}

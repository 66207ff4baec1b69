package numbers

import (
	"errors"
	"fmt"
	"runtime"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
)

// cause is why another build answers otherwise.
type cause struct {
	name    string
	applies func(in Input, ours, theirs Answer) bool
}

// nyarukaCauses are tried in order.
var nyarukaCauses = []cause{
	// Java takes ı and İ for i where case does not matter; Go does not.
	{"dotless i", func(in Input, _, _ Answer) bool { return strings.ContainsAny(in.Text, "\u0131\u0130") }},
	// Java counts UTF-16 units, nyaruka bytes.
	{"length in bytes", func(in Input, _, theirs Answer) bool {
		return len(in.Text) > 250 && len(utf16.Encode([]rune(in.Text))) <= 250 && theirs.Code == "TOO_LONG"
	}},
	// Java reads a context at the very beginning, nyaruka does not.
	{"context first", func(in Input, _, _ Answer) bool { return strings.HasPrefix(in.Text, ";phone-context=") }},
	// It has the metadata 9.0.37; these calling codes have changed since.
	{"metadata", func(_ Input, ours, theirs Answer) bool {
		for _, code := range changedSince {
			if strings.HasPrefix(ours.E164, code) || ours.E164 == "" && strings.HasPrefix(theirs.E164, code) {
				return true
			}
		}
		return false
	}},
}

// changedSince are the calling codes that changed between the metadata 9.0.37 and
// 9.0.40.
var changedSince = []string{"+221", "+243", "+255", "+263", "+372", "+597", "+84", "+852", "+880"}

// googleCauses are tried in order.
var googleCauses = []cause{
	// JavaScript's numbers are exact to 2^53.
	{"rounded", func(_ Input, ours, theirs Answer) bool {
		return ours.Code == "" && theirs.Code == "" && len(ours.E164) > 16
	}},
	{"folded letters", func(in Input, _, _ Answer) bool { return strings.ContainsAny(in.Text, "\u0131\u0130\u017f\u212a") }},
	// JavaScript knows ASCII, full-width, Arabic and Persian digits alone.
	{"digits of other scripts", func(in Input, _, _ Answer) bool {
		return strings.ContainsFunc(in.Text, func(r rune) bool {
			return unicode.Is(unicode.Nd, r) && r > 127 && (r < 0xff10 || r > 0xff19) && (r < 0x660 || r > 0x669) && (r < 0x6f0 || r > 0x6f9)
		})
	}},
	// It maps those beside letters too, where Java drops them.
	{"digits beside letters", func(in Input, _, _ Answer) bool {
		letters, digits := 0, 0
		for _, r := range in.Text {
			if r < 128 && unicode.IsLetter(r) {
				letters++
			} else if r > 127 && unicode.Is(unicode.Nd, r) {
				digits++
			}
		}
		return letters > 2 && digits > 0
	}},
	// It trims letters and numbers that are neither ASCII nor digits.
	{"trimmed letters", func(in Input, _, _ Answer) bool {
		return strings.ContainsFunc(in.Text, func(r rune) bool { return r > 127 && unicode.In(r, unicode.L, unicode.N) && !unicode.Is(unicode.Nd, r) })
	}},
}

// report counts differences by cause.
type report struct {
	causes  []cause
	counts  map[string]int
	unknown []string
}

// compareAll answers the report on all inputs, which it deals out to as many
// goroutines as there are processors. theirs answers for one goroutine's share.
func compareAll(inputs []Input, causes []cause, theirs func(share []Input, answer func(Input, Answer)) error) (*report, error) {
	workers := runtime.GOMAXPROCS(0)
	reports := make([]*report, workers)
	errs := make([]error, workers)
	var group sync.WaitGroup
	for i := range workers {
		group.Go(func() {
			r := newReport(causes)
			reports[i] = r
			share := inputs[i*len(inputs)/workers : (i+1)*len(inputs)/workers]
			errs[i] = theirs(share, func(in Input, b Answer) { r.compare(in, Ours(in), b) })
		})
	}
	group.Wait()
	for _, r := range reports[1:] {
		for name, n := range r.counts {
			reports[0].counts[name] += n
		}
		reports[0].unknown = append(reports[0].unknown, r.unknown...)
	}
	return reports[0], errors.Join(errs...)
}

func newReport(causes []cause) *report { return &report{causes: causes, counts: map[string]int{}} }

func (r *report) compare(in Input, ours, theirs Answer) {
	if ours == theirs {
		return
	}
	for _, c := range r.causes {
		if c.applies(in, ours, theirs) {
			r.counts[c.name]++
			return
		}
	}
	r.counts["unknown"]++
	if len(r.unknown) < 40 {
		r.unknown = append(r.unknown, fmt.Sprintf("%s %q\n\tours   %+v\n\ttheirs %+v", in.Region, in.Text, ours, theirs))
	}
}

// logger is what a test has.
type logger interface {
	Helper()
	Logf(string, ...any)
	Errorf(string, ...any)
}

// check prints the counts and compares them with those wanted, if any are.
func (r *report) check(t logger, total int, want map[string]int) {
	t.Helper()
	for _, u := range r.unknown {
		t.Errorf("no known cause: %s", u)
	}
	var names []string
	sum := 0
	for name, n := range r.counts {
		names = append(names, name)
		sum += n
	}
	sort.Strings(names)
	t.Logf("%d of %d differ", sum, total)
	for _, name := range names {
		t.Logf("%6d %s", r.counts[name], name)
		if want != nil && want[name] != r.counts[name] {
			t.Errorf("%s: %d, not %d", name, r.counts[name], want[name])
		}
	}
	for name := range want {
		if r.counts[name] == 0 {
			t.Errorf("%s: none any more", name)
		}
	}
}

package numbers

import (
	"errors"
	"fmt"
	"runtime"
	"sort"
	"sync"
	"testing"
)

// report counts differences by cause.
type report struct {
	causes  []cause
	counts  map[string]int
	unknown []string
}

// compareAll returns the report on all inputs, which it deals out to as many
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
		reports[0].add(r)
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

// run compares count inputs of a seed, a million at a time, and holds the counts
// by cause against those pinned for so many. theirs answers for one goroutine's
// share.
func run(t *testing.T, seed uint64, count int, causes []cause, pinned int, want map[string]int, theirs func([]Input, func(Input, Answer)) error) {
	t.Helper()
	s, err := NewSource(seed)
	if err != nil {
		t.Fatal(err)
	}
	r := newReport(causes)
	for done := 0; done < count; {
		inputs := make([]Input, min(count-done, 1_000_000))
		for i := range inputs {
			inputs[i] = s.Next()
		}
		part, err := compareAll(inputs, causes, theirs)
		if err != nil {
			t.Fatal(err)
		}
		r.add(part)
		done += len(inputs)
		if count > len(inputs) {
			fmt.Printf("%s: %d of %d, %d without a cause\n", t.Name(), done, count, len(r.unknown))
		}
	}
	if count != pinned {
		want = nil
	}
	r.check(t, count, want)
}

// add takes the counts of another report.
func (r *report) add(other *report) {
	for name, n := range other.counts {
		r.counts[name] += n
	}
	r.unknown = append(r.unknown, other.unknown...)
}

// check prints the counts and compares them with those wanted, if any are.
func (r *report) check(t *testing.T, total int, want map[string]int) {
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

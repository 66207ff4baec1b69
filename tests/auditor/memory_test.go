package auditor

import "testing"

// One audit goes through any number of captures in the memory that the first of
// them took. What it found it keeps, for the report; here it is nothing.
func TestMemory(t *testing.T) {
	all := recordings(t)
	g := load(t)
	g.begin([]person{{"Nobody Here", "+44 20 7946 0999", "nobody@example.org"}}, nil)
	// A heap doubles where a collection gave too little back, so what is steady is
	// known after some: how many recordings there are differs.
	const settling, enough = 1000, 2000
	most, captures := uint32(0), 0
	for captures < enough {
		for _, r := range all {
			if len(g.audit(r, inputSize)) == 0 {
				t.Fatalf("%s: no report", r.name)
			}
			captures++
		}
		size := g.m.Memory().Size()
		if captures <= settling {
			most = max(most, size)
		} else if size > most {
			t.Fatalf("%d KiB after %d captures, %d after %d", size>>10, captures, most>>10, settling)
		}
	}
	if captures < enough || most == 0 || most > 128<<20 {
		t.Errorf("%d KiB for %d captures", most>>10, captures)
	}
	t.Logf("%d KiB", most>>10)
}

package auditor

import "testing"

// One audit goes through any number of captures in bounded memory: what it found
// it keeps, for the report; here it is nothing. A heap doubles where a collection
// gave too little back, which is a matter of chance: 32 MiB or 64, and no more
// after 30,000. So what is held to is that 32 KiB a capture would be noticed.
func TestMemory(t *testing.T) {
	const enough, limit = 2000, 64 << 20
	all := recordings(t)
	g := load(t)
	g.begin([]person{{"Nobody Here", "+44 20 7946 0999", "nobody@example.org"}}, nil)
	captures := 0
	for captures < enough {
		for _, r := range all {
			if len(g.audit(r, inputSize)) == 0 {
				t.Fatalf("%s: no report", r.name)
			}
			captures++
		}
	}
	size := g.m.Memory().Size()
	if size == 0 || size > limit {
		t.Errorf("%d KiB for %d captures", size>>10, captures)
	}
	t.Logf("%d KiB", size>>10)
}

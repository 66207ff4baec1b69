package auditor

import (
	"bytes"
	"testing"
)

// begin forgets: one instance audits again and again in bounded memory, and each
// audit reports what the first did. TinyGo's collector
// takes words of tables for addresses; before it was kept from the constants, and
// before large room was used again, the ninth round was refused with MEMORY.
func TestAgain(t *testing.T) {
	all := recordings(t)
	g := load(t)
	first := make([][]byte, len(all))
	size := uint32(0)
	for round := range 8 {
		g.begin(folk, []string{"pepper1"})
		for i, r := range all {
			got := g.audit(r, inputSize)
			if round == 0 {
				first[i] = got
			} else if !bytes.Equal(got, first[i]) {
				t.Fatalf("%s: another report in round %d", r.name, round)
			}
		}
		if size = g.m.Memory().Size(); size > 64<<20 {
			t.Fatalf("%d KiB in round %d", size>>10, round)
		}
		g.begin([]person{{"Nobody Here", "+44 20 7946 0999", ""}}, nil)
		if got := g.audit(all[0], inputSize); len(got) == 0 || bytes.Equal(got, first[0]) {
			t.Fatalf("round %d: nobody was found as somebody else", round)
		}
	}
	if len(all) < 15 || size == 0 {
		t.Errorf("%d recordings, %d KiB", len(all), size>>10)
	}
	t.Logf("%d KiB after 8 rounds of %d recordings", size>>10, len(all))
}

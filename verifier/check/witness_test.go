package check_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/site"
	"sealbook/verifier/check"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// Cosignatures: counted, held to the quorum, refused where they are of another
// time or log; those of strangers do not matter.
func TestWitnesses(t *testing.T) {
	p := newPublisher(t)
	files := p.publish(t, "1.0.0")
	skey, vkey, err := note.GenerateKey(strings.NewReader(strings.Repeat("w", 64)), "witness.example/w")
	if err != nil {
		t.Fatal(err)
	}
	witness, err := cosign.NewSignerForCosignatureV1(skey)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint := string(files["log/checkpoint"])
	text, _, _ := strings.Cut(checkpoint, "\n\n")
	lineOf := func(text string, s note.Signer) string {
		b, err := note.Sign(&note.Note{Text: text}, s)
		if err != nil {
			t.Fatal(err)
		}
		_, line, _ := strings.Cut(string(b), "\n\n")
		return line
	}
	line := lineOf(text+"\n", witness)
	var strangers strings.Builder
	for i := range 16 {
		strangers.WriteString(lineOf(text+"\n", release.NewKey(fmt.Sprintf("stranger%d.example", i), [32]byte{byte(i)})))
	}
	policy := p.policy[:strings.Index(p.policy, "quorum")] + "witness w " + vkey + "\n"
	clock := time.Now().Add(time.Minute)
	for _, c := range []struct {
		name, more, quorum string
		code               trust.Code
		exit, cosigned     int
	}{
		{"nobody", "", "none", "", 0, 0},
		{"nobody, and one is needed", "", "w", trust.Witness, 2, 0},
		{"one", line, "w", "", 0, 1},
		{"16 strangers", strangers.String(), "none", "", 0, 0},
		{"one among 16 strangers", strangers.String() + line, "w", "", 0, 1},
		{"one of another log", lineOf("other.example/log\n1\n"+tlog.Hash{}.String()+"\n", witness), "w", trust.Signature, 1, 0},
		{"one of another time", string(flip([]byte(line[:len(line)-2]))) + "\n", "w", "", 1, 0},
	} {
		all := maps.Clone(files)
		all["log/checkpoint"] = []byte(checkpoint + c.more)
		h, err := site.Handler(all)
		if err != nil {
			t.Fatal(err)
		}
		r := look(t, h, policy+"quorum "+c.quorum+"\n", check.Options{Now: clock})
		if r.Exit() != c.exit || len(r.Cosigned) != c.cosigned || c.code != "" && (len(r.Findings) == 0 || r.Findings[0].Code != c.code) {
			t.Errorf("%s: %d, %d cosigned, %v", c.name, r.Exit(), len(r.Cosigned), r.Findings)
		}
	}
}

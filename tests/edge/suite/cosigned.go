package suite

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// Cosign has a checkpoint signed by a witness of its own, and returns it with the
// policy that wants this one.
func Cosign(t testing.TB, checkpoint, log string) (string, *trust.Policy) {
	t.Helper()
	secret, public, err := note.GenerateKey(rand.Reader, "witness.example/w")
	if err != nil {
		t.Fatal(err)
	}
	witness, err := cosign.NewSignerForCosignatureV1(secret)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := trust.ParsePolicy("log " + log + "\nwitness w " + public + "\nquorum w\n")
	if err != nil {
		t.Fatal(err)
	}
	body, signature, _ := strings.Cut(checkpoint, "\n\n")
	signed, err := note.Sign(&note.Note{Text: body + "\n"}, witness)
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(signed), "\n\n")
	return body + "\n\n" + signature + line, policy
}

// cosigned: what witnesses signed of the log, and the operator put there, is
// answered to everybody as it is, also when the log has grown.
func cosigned(t *testing.T, s *Server) {
	const path = "/v2/log/cosigned"
	s.get(t, path).want(t, directory.NotFound)
	about := s.about(t)
	text, policy := Cosign(t, string(s.get(t, "/v2/log/checkpoint").body), about.Log)

	s.URL = s.Cosigned(t, text)

	for range 2 {
		a := s.get(t, path)
		a.wantStatus(t, 200)
		if string(a.body) != text || a.header.Get("Content-Type") != "text/plain; charset=utf-8" ||
			a.header.Get("Cache-Control") != "no-store" || a.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("cosigned: %v\n%s", a.header, a.body)
		}
		if list, err := policy.Cosigned(string(a.body), time.Now()); err != nil || len(list) != 1 {
			t.Errorf("cosigned by %v, %v", list, err)
		}
		a = s.do(t, request{method: "HEAD", path: path})
		if a.wantStatus(t, 200); len(a.body) != 0 {
			t.Error("HEAD has a body")
		}
		// It is of this log, as whoever keeps it sees when the log has grown.
		key, err := trust.NewVerifier(about.Log, trust.Origin(about.Name))
		if err != nil {
			t.Fatal(err)
		}
		tree, err := trust.OpenCheckpoint(text, key, trust.Witnesses{})
		if err != nil {
			t.Fatal(err)
		}
		s.log = known{tree: tree}
		if s.update(t); s.log.tree.N < tree.N {
			t.Errorf("the log has %d entries, and %d were cosigned", s.log.tree.N, tree.N)
		}
		p := s.register(t, both...)
		s.putRecord(t, p, directory.Record{Handle: [32]byte{7}})
		s.with(t, p, directory.Record{Handle: [32]byte{7}})
	}
}

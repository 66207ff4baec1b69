package witness_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/verifier/release"
	"sealbook/verifier/witness"
	"sealbook/wasm/trust"
)

var now = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

func key(name string) *release.Key { return release.NewKey(name, sha256.Sum256([]byte(name))) }

var (
	logKey     = key("log.example/log")
	otherKey   = key("other.example/log")
	witnessKey = key("witness.example/w")
)

// history is a log of so many leaves, told apart by a word.
type history struct {
	word   string
	hashes []tlog.Hash
}

func (h *history) ReadHashes(at []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(at))
	for i, n := range at {
		list[i] = h.hashes[n]
	}
	return list, nil
}

// newHistory has its first leaves in common with every other, then its own.
func newHistory(t testing.TB, word string, common, size int64) *history {
	h := &history{word: word}
	for n := range size {
		leaf := fmt.Sprintf("leaf %d", n)
		if n >= common {
			leaf += word
		}
		more, err := tlog.StoredHashes(n, []byte(leaf), h)
		if err != nil {
			t.Fatal(err)
		}
		h.hashes = append(h.hashes, more...)
	}
	return h
}

func (h *history) tree(t testing.TB, n int64) tlog.Tree {
	root, err := tlog.TreeHash(n, h)
	if err != nil {
		t.Fatal(err)
	}
	return tlog.Tree{N: n, Hash: root}
}

func (h *history) checkpoint(t testing.TB, n int64, k note.Signer) string {
	text, err := trust.SignCheckpoint(h.tree(t, n), k)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (h *history) prove(t testing.TB, old, size int64) tlog.TreeProof {
	if old == 0 || old == size {
		return nil
	}
	p, err := tlog.ProveTree(size, old, h)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// submission from one size to another.
func (h *history) submission(t testing.TB, old, size int64) string {
	s := trust.Submission{Old: old, Consistency: h.prove(t, old, size), Checkpoint: h.checkpoint(t, size, logKey)}
	return s.Text()
}

func start(t testing.TB, dir string) *witness.Witness {
	w, err := witness.New(witnessKey, []string{logKey.Verifier(), otherKey.Verifier()}, dir, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func submit(w http.Handler, text string) (int, string, string) {
	r := httptest.NewRecorder()
	w.ServeHTTP(r, httptest.NewRequest("POST", witness.Path, strings.NewReader(text)))
	return r.Code, r.Body.String(), r.Header().Get("Content-Type")
}

// cosigned says whether an answer is a cosignature of a checkpoint, at the time.
func cosigned(t testing.TB, checkpoint, line string) {
	t.Helper()
	v, err := cosign.NewVerifierForCosignatureV1(witnessKey.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(checkpoint+line), note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	if at, err := cosign.CoSigV1Timestamp(n.Sigs[0]); err != nil || !at.Equal(now) {
		t.Errorf("%v %v", at, err)
	}
}

// What a witness answers, one after the other: it follows a log, and nothing else.
func TestWitness(t *testing.T) {
	a, fork := newHistory(t, "a", 3, 20), newHistory(t, "b", 3, 20)
	dir := t.TempDir()
	w := start(t, dir)
	swap := func(text, old, new string) string {
		if strings.Count(text, old) == 0 {
			t.Fatalf("%q is not in the submission", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	signed := func(old int64, proof tlog.TreeProof, checkpoint string) string {
		return (&trust.Submission{Old: old, Consistency: proof, Checkpoint: checkpoint}).Text()
	}
	many := make(tlog.TreeProof, trust.MaxConsistency+1)
	for _, c := range []struct {
		name, text string
		status     int
		size       string // of a conflict
	}{
		{"nothing", "", 400, ""},
		{"no checkpoint", "old 0\n\n", 400, ""},
		{"not from where it began", a.submission(t, 2, 5), 409, "0\n"},
		{"the first, with a proof of nothing", signed(0, a.prove(t, 3, 5), a.checkpoint(t, 5, logKey)), 422, ""},
		{"an empty log with another root", signed(0, nil, must(trust.SignCheckpoint(tlog.Tree{Hash: tlog.Hash{1}}, logKey))), 422, ""},
		{"the first", a.submission(t, 0, 5), 200, ""},
		{"the same again", a.submission(t, 5, 5), 200, ""},
		{"the first again", a.submission(t, 0, 5), 409, "5\n"},
		{"a fork of the same size", fork.submission(t, 5, 5), 409, "5\n"},
		{"a fork that grew", fork.submission(t, 5, 9), 422, ""},
		{"growth without a proof", signed(5, nil, a.checkpoint(t, 9, logKey)), 422, ""},
		{"growth with another proof", signed(5, a.prove(t, 4, 9), a.checkpoint(t, 9, logKey)), 422, ""},
		{"growth", a.submission(t, 5, 9), 200, ""},
		{"rolled back", a.submission(t, 5, 7), 409, "9\n"},
		{"rolled back, from what is known", signed(9, nil, a.checkpoint(t, 7, logKey)), 400, ""},
		{"the same size with a proof", signed(9, a.prove(t, 5, 9), a.checkpoint(t, 9, logKey)), 422, ""},
		{"another log of the witness", signed(0, nil, a.checkpoint(t, 4, otherKey)), 200, ""},
		{"a log that it does not know", signed(0, nil, a.checkpoint(t, 4, key("stranger.example/log"))), 404, ""},
		{"another key of the same name", signed(9, a.prove(t, 9, 12), a.checkpoint(t, 12, release.NewKey("log.example/log", [32]byte{7}))), 403, ""},
		{"a signature that does not hold", swap(a.submission(t, 9, 12), "\n12\n", "\n13\n"), 403, ""},
		{"more hashes than a proof has", signed(9, many, a.checkpoint(t, 12, logKey)), 400, ""},
		{"a size with a zero before it", swap(a.submission(t, 9, 12), "old 9", "old 09"), 400, ""},
		{"a size below nothing", swap(a.submission(t, 9, 12), "old 9", "old -1"), 400, ""},
		{"a size of 2^63", swap(a.submission(t, 9, 12), "old 9", "old 9223372036854775808"), 400, ""},
		{"carriage returns", strings.ReplaceAll(a.submission(t, 9, 12), "\n", "\r\n"), 400, ""},
		{"a hash that is none", swap(a.submission(t, 9, 12), "=\n", "\n"), 400, ""},
		{"no signature", strings.Split(a.submission(t, 9, 12), "\n— ")[0] + "\n", 400, ""},
		{"too long", a.submission(t, 9, 12) + strings.Repeat("x", trust.MaxText), 413, ""},
		{"with 16 signatures of strangers", signed(9, a.prove(t, 9, 12), strangers(t, a.checkpoint(t, 12, logKey))), 200, ""},
	} {
		status, body, kind := submit(w, c.text)
		if status != c.status || c.size != "" && (body != c.size || kind != "text/x.tlog.size") {
			t.Errorf("%s: %d %q %s, want %d", c.name, status, body, kind, c.status)
			continue
		}
		if status == http.StatusOK {
			s, err := trust.ParseSubmission(c.text)
			if err != nil {
				t.Fatal(err)
			}
			cosigned(t, s.Checkpoint, body)
		}
		if strings.Contains(body, dir) {
			t.Errorf("%s: the answer names a path", c.name)
		}
	}
	evidence, _ := filepath.Glob(filepath.Join(dir, "*.fork"))
	if len(evidence) != 1 {
		t.Fatalf("evidence: %v", evidence)
	}
	if b, _ := os.ReadFile(evidence[0]); !strings.Contains(string(b), a.checkpoint(t, 5, logKey)) || !strings.Contains(string(b), fork.checkpoint(t, 5, logKey)) {
		t.Errorf("evidence without both checkpoints: %s", b)
	}
	// Started again it goes on where it was.
	if status, body, _ := submit(start(t, dir), fork.submission(t, 0, 12)); status != 409 || body != "12\n" {
		t.Errorf("after a restart: %d %q", status, body)
	}
}

// strangers puts signatures of others behind a checkpoint.
func strangers(t testing.TB, checkpoint string) string {
	text, _, _ := strings.Cut(checkpoint, "\n\n")
	for i := range 16 {
		b, err := note.Sign(&note.Note{Text: text + "\n"}, release.NewKey(fmt.Sprintf("stranger%d.example", i), [32]byte{byte(i)}))
		if err != nil {
			t.Fatal(err)
		}
		_, line, _ := strings.Cut(string(b), "\n\n")
		checkpoint += line
	}
	return checkpoint
}

func must(text string, err error) string {
	if err != nil {
		panic(err)
	}
	return text
}

// What is no submission of a checkpoint at all.
func TestRequests(t *testing.T) {
	w := start(t, t.TempDir())
	for _, c := range []struct {
		method, path string
		want         int
	}{{"GET", witness.Path, 405}, {"PUT", witness.Path, 405}, {"POST", "/", 404}, {"POST", witness.Path + "/", 404}, {"GET", "/log", 404}} {
		r := httptest.NewRecorder()
		w.ServeHTTP(r, httptest.NewRequest(c.method, c.path, nil))
		if r.Code != c.want {
			t.Errorf("%s %s: %d", c.method, c.path, r.Code)
		}
	}
	if got := w.Origins(); !slices.Equal(got, []string{"log.example/log", "other.example/log"}) {
		t.Error(got)
	}
	if p, err := trust.ParsePolicy("log " + logKey.Verifier() + "\nwitness w " + w.Verifier() + "\nquorum w\n"); err != nil || p.Witnesses[0].Key.Name() != "witness.example/w" {
		t.Error("its verifier key is none of a policy:", err)
	}
}

// A folder that is lost, or a file that is damaged, is not another beginning.
func TestDamage(t *testing.T) {
	logs := []string{logKey.Verifier()}
	clock := func() time.Time { return now }
	if _, err := witness.New(witnessKey, logs, filepath.Join(t.TempDir(), "none"), clock); err == nil {
		t.Error("began without its folder")
	}
	h := newHistory(t, "a", 0, 5)
	dir := t.TempDir()
	w := start(t, dir)
	if status, _, _ := submit(w, h.submission(t, 0, 4)); status != 200 {
		t.Fatal(status)
	}
	var file string
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if len(e.Name()) == 64 {
			file = filepath.Join(dir, e.Name())
		}
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"empty": {}, "cut short": whole[:len(whole)-4], "not by this witness": []byte(h.checkpoint(t, 4, logKey)),
		"another size": []byte(strings.Replace(string(whole), "\n4\n", "\n1\n", 1)),
	} {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if status, body, _ := submit(w, h.submission(t, 0, 5)); status != 500 || strings.Contains(body, dir) {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if _, err := witness.New(witnessKey, logs, dir, clock); err == nil || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: started: %v", name, err)
		}
	}
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := submit(w, h.submission(t, 4, 5)); status != 200 {
		t.Error("whole again:", status)
	}
	// What cannot be kept is not cosigned.
	if err := os.Mkdir(file+".new", 0o700); err != nil {
		t.Fatal(err)
	}
	longer := newHistory(t, "a", 0, 6)
	if status, body, _ := submit(w, longer.submission(t, 5, 6)); status != 500 || strings.Contains(body, "—") {
		t.Errorf("not kept, and cosigned: %d %s", status, body)
	}
	if err := os.Remove(file + ".new"); err != nil {
		t.Fatal(err)
	}
	if status, body, _ := submit(w, longer.submission(t, 0, 6)); status != 409 || body != "5\n" {
		t.Errorf("what was not cosigned was kept: %d %s", status, body)
	}
}

// Two histories pushed at once, by many, into two witnesses on one folder: all that
// is cosigned is of one history, and sizes never fall.
func TestConcurrency(t *testing.T) {
	dir := t.TempDir()
	witnesses := []*witness.Witness{start(t, dir), start(t, dir)}
	histories := []*history{newHistory(t, "a", 0, 40), newHistory(t, "b", 0, 40)}
	var mutex sync.Mutex
	signed := map[int64]tlog.Hash{}
	words := map[string]bool{}
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			h, w, old := histories[g%2], witnesses[g/4], int64(0)
			for size := int64(1); size <= 40; {
				status, body, _ := submit(w, h.submission(t, old, size))
				switch status {
				case 200:
					mutex.Lock()
					if root, ok := signed[size]; ok && root != h.tree(t, size).Hash {
						t.Errorf("two roots of %d entries", size)
					}
					signed[size], words[h.word] = h.tree(t, size).Hash, true
					mutex.Unlock()
					old, size = size, size+1+int64(g)
				case 409:
					var at int64
					fmt.Sscanf(body, "%d", &at)
					if at == old { // the same size, of the other history
						return
					}
					if old = at; size <= old {
						size = old + 1
					}
				case 422: // of the other history
					return
				default:
					t.Errorf("status %d", status)
					return
				}
			}
		})
	}
	group.Wait()
	if len(words) != 1 || len(signed) < 2 {
		t.Errorf("%d sizes cosigned, of %d histories", len(signed), len(words))
	}
}

func policyKey(t testing.TB, w *witness.Witness, address string) trust.WitnessKey {
	p, err := trust.ParsePolicy("witness w " + w.Verifier() + " " + address + "\nquorum none\n")
	if err != nil {
		t.Fatal(err)
	}
	return p.Witnesses[0]
}

// Asking a witness: it is brought from whatever it knows to the checkpoint, and its
// answer is taken only if it cosigns that checkpoint.
func TestAsk(t *testing.T) {
	a, fork := newHistory(t, "a", 3, 20), newHistory(t, "b", 3, 20)
	w := start(t, t.TempDir())
	var lie func(http.ResponseWriter, *http.Request) bool
	server := httptest.NewServer(http.HandlerFunc(func(res http.ResponseWriter, r *http.Request) {
		if lie == nil || !lie(res, r) {
			w.ServeHTTP(res, r)
		}
	}))
	defer server.Close()
	ask := func(h *history, size int64, checkpoint string) (string, error) {
		if checkpoint == "" {
			checkpoint = h.checkpoint(t, size, logKey)
		}
		return witness.Ask(context.Background(), server.Client(), policyKey(t, w, server.URL+"/"), checkpoint,
			func(old int64) (tlog.TreeProof, error) { return h.prove(t, old, size), nil }, now)
	}
	first, err := ask(a, 5, "")
	if err != nil {
		t.Fatal(err)
	}
	again, err := ask(a, 5, first)
	if err != nil || strings.Count(again, "\n— ") != 2 {
		t.Errorf("asked again: %v %s", err, again)
	}
	if _, err := ask(a, 9, ""); err != nil {
		t.Error("grown:", err)
	}
	answer := func(status int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(res http.ResponseWriter, _ *http.Request) bool {
			res.WriteHeader(status)
			fmt.Fprint(res, body)
			return true
		}
	}
	line := func(checkpoint string, by *release.Key, at time.Time) string {
		v, err := cosign.NewVerifierForCosignatureV1(by.Verifier())
		if err != nil {
			t.Fatal(err)
		}
		return must(trust.Cosign(checkpoint, v, at, by.Sign))
	}
	twelve := a.checkpoint(t, 12, logKey)
	for _, c := range []struct {
		name string
		h    *history
		size int64
		sign *release.Key
		lie  func(http.ResponseWriter, *http.Request) bool
		code trust.Code
	}{
		{"rolled back", a, 7, logKey, nil, trust.Rollback},
		{"forked at the same size", fork, 9, logKey, nil, trust.Consistency},
		{"forked", fork, 12, logKey, nil, trust.Consistency},
		{"a log that it does not know", a, 12, key("stranger.example/log"), nil, trust.Key},
		{"a key that it does not know", a, 12, release.NewKey("log.example/log", [32]byte{7}), nil, trust.Signature},
		{"nothing", a, 12, logKey, answer(200, ""), trust.Format},
		{"text", a, 12, logKey, answer(200, "hello\n"), trust.Format},
		{"by another", a, 12, logKey, answer(200, line(twelve, key("mallory.example/w"), now)), trust.Signature},
		{"of another checkpoint", a, 12, logKey, answer(200, line(a.checkpoint(t, 11, logKey), witnessKey, now)), trust.Signature},
		{"of the future", a, 12, logKey, answer(200, line(twelve, witnessKey, now.Add(time.Hour))), trust.Signature},
		{"without a time", a, 12, logKey, answer(200, line(twelve, witnessKey, time.Unix(0, 0))), trust.Signature},
		{"endless", a, 12, logKey, answer(200, strings.Repeat("x", trust.MaxText+1)), witness.Fetch},
		{"a size that is none", a, 12, logKey, answer(409, "many\n"), witness.Fetch},
		{"a size that is too large", a, 12, logKey, answer(409, "13\n"), trust.Rollback},
		{"a failure", a, 12, logKey, answer(500, ""), witness.Fetch},
	} {
		lie = c.lie
		got, err := ask(c.h, c.size, c.h.checkpoint(t, c.size, c.sign))
		if got != "" || err == nil || !strings.HasPrefix(err.Error(), c.code.Error()) {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	sizes := 0
	lie = func(res http.ResponseWriter, r *http.Request) bool {
		sizes++
		return answer(409, fmt.Sprintln(sizes))(res, r)
	}
	if _, err := ask(a, 12, ""); err == nil || sizes != 2 {
		t.Errorf("asked %d times: %v", sizes, err)
	}
	lie = nil
	if got, err := ask(a, 12, ""); err != nil || strings.Count(got, "\n— ") != 2 {
		t.Errorf("after all lies: %v", err)
	}
	for _, address := range []string{"", "http://witness.example", "ftp://127.0.0.1", "https://"} {
		if _, err := witness.Ask(context.Background(), server.Client(), policyKey(t, w, address), twelve, nil, now); err == nil {
			t.Errorf("asked %q", address)
		}
	}
}

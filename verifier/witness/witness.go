// Package witness cosigns checkpoints of logs, and asks others to: C2SP
// tlog-witness and tlog-cosignature, with Ed25519.
//
// A witness keeps one thing of each log, the checkpoint that it cosigned last, and
// cosigns only what grew out of it. So no two checkpoints that it signed
// contradict each other, and whoever sees its signature sees the log that all
// others see who ask for it. It does not judge what is in a log.
//
// What it keeps is on the disk before anybody gets the signature, whatever
// happens then: a witness that was killed or restarted cosigns no other history,
// and several that share a folder are one. A folder that is lost forgets what was
// cosigned; so must its key be.
package witness

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

// A Signer signs a text as it is with the witness's key: see release.Key.
type Signer interface {
	Verifier() string // name+id+base64
	Sign(text []byte) ([]byte, error)
}

// Witness is the HTTP service.
type Witness struct {
	signer Signer
	key    note.Verifier
	logs   map[string][]note.Verifier // by origin
	store  store
	now    func() time.Time
}

// New makes a witness that cosigns the logs of a policy. Its folder must be there:
// an empty one begins anew. What is kept in it must be whole.
func New(signer Signer, logs []string, dir string, now func() time.Time) (*Witness, error) {
	key, err := cosign.NewVerifierForCosignatureV1(signer.Verifier())
	if err != nil {
		return nil, errors.New("the witness's name or key is none")
	}
	w := &Witness{signer: signer, key: key, logs: map[string][]note.Verifier{}, store: store{dir, key, new(sync.Mutex)}, now: now}
	for _, text := range logs {
		v, err := note.NewVerifier(text)
		if err != nil {
			return nil, trust.Format.Because("verifier key of a log")
		}
		w.logs[v.Name()] = append(w.logs[v.Name()], v)
	}
	if len(w.logs) == 0 {
		return nil, trust.Key.Because("the policy names no log")
	}
	if err := w.store.there(); err != nil {
		return nil, err
	}
	for origin := range w.logs {
		if _, _, err := w.store.read(origin); err != nil {
			return nil, fmt.Errorf("what was cosigned of %s: %w", origin, err)
		}
	}
	return w, nil
}

// Verifier is the witness's verifier key, for a policy: that of its cosignatures.
func (w *Witness) Verifier() string {
	text, _ := cosign.VKeyToCosignatureV1(w.signer.Verifier())
	return text
}

// Origins are the logs that it cosigns, sorted.
func (w *Witness) Origins() (list []string) {
	for origin := range w.logs {
		list = append(list, origin)
	}
	slices.Sort(list)
	return list
}

// refusal is an answer that is no cosignature.
type refusal struct {
	status int
	what   string
	size   int64 // of the log as it was cosigned; with 409
}

func (r *refusal) Error() string { return r.what }

// Path is where a submission is posted to, below the witness's address.
const Path = "/add-checkpoint"

// sizeType is the Content-Type of an answer that is a size.
const sizeType = "text/x.tlog.size"

func (w *Witness) ServeHTTP(res http.ResponseWriter, r *http.Request) {
	if r.URL.Path != Path {
		http.NotFound(res, r)
		return
	}
	if r.Method != http.MethodPost {
		res.Header().Set("Allow", http.MethodPost)
		http.Error(res, "a checkpoint is posted", http.StatusMethodNotAllowed)
		return
	}
	res.Header().Set("Cache-Control", "no-store")
	body, err := io.ReadAll(http.MaxBytesReader(res, r.Body, trust.MaxText))
	if err != nil {
		http.Error(res, "a submission has at most 64 KB", http.StatusRequestEntityTooLarge)
		return
	}
	line, err := w.Add(string(body))
	var no *refusal
	switch {
	case errors.As(err, &no) && no.status == http.StatusConflict:
		res.Header().Set("Content-Type", sizeType)
		res.WriteHeader(no.status)
		fmt.Fprintf(res, "%d\n", no.size)
	case errors.As(err, &no):
		http.Error(res, no.what, no.status)
	case err != nil:
		// What it is concerns the operator alone.
		http.Error(res, "the witness cannot cosign now", http.StatusInternalServerError)
	default:
		res.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(res, line)
	}
}

// Add judges a submission, keeps its checkpoint and returns the line of the
// cosignature.
func (w *Witness) Add(submission string) (line string, err error) {
	s, err := trust.ParseSubmission(submission)
	if err != nil {
		return "", &refusal{status: http.StatusBadRequest, what: "not a submission"}
	}
	origin, _, err := trust.ReadCheckpoint(s.Checkpoint)
	if err != nil {
		return "", &refusal{status: http.StatusBadRequest, what: "not a checkpoint"}
	}
	keys, ok := w.logs[origin]
	if !ok {
		return "", &refusal{status: http.StatusNotFound, what: "a log that this witness does not know"}
	}
	tree, signed, ok := open(s.Checkpoint, keys)
	if !ok {
		return "", &refusal{status: http.StatusForbidden, what: "not signed by a key of this log"}
	}
	if s.Old > tree.N {
		return "", &refusal{status: http.StatusBadRequest, what: "the old size is beyond the checkpoint"}
	}
	unlock, err := w.store.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	known, before, err := w.store.read(origin)
	if err != nil {
		return "", err
	}
	switch {
	case s.Old != known.N:
		return "", &refusal{http.StatusConflict, "another size was cosigned last", known.N}
	case tree.N == known.N && before != "" && tree != known:
		w.store.accuse(origin, before, signed)
		return "", &refusal{http.StatusConflict, "another log of the same size was cosigned", known.N}
	case !grew(tree, known, s.Consistency):
		return "", &refusal{status: http.StatusUnprocessableEntity, what: "the log did not grow out of what was cosigned, by this proof"}
	}
	if line, err = trust.Cosign(signed, w.key, w.now(), w.signer.Sign); err != nil {
		return "", err
	}
	if tree != known || before == "" {
		both, err := trust.AddCosignature(signed, line, w.key, w.now())
		if err != nil {
			return "", err
		}
		if err := w.store.write(origin, both); err != nil {
			return "", err
		}
	}
	return line, nil
}

// open opens a checkpoint by one of a log's keys, and returns it with that signature
// alone: anybody may put more behind it than can be read again once it is kept.
func open(checkpoint string, keys []note.Verifier) (tree tlog.Tree, signed string, ok bool) {
	for _, key := range keys {
		tree, err := trust.OpenCheckpoint(checkpoint, key, trust.Witnesses{})
		if err != nil {
			continue
		}
		n, err := note.Open([]byte(checkpoint), note.VerifierList(key))
		if err == nil {
			return tree, n.Text + "\n— " + n.Sigs[0].Name + " " + n.Sigs[0].Base64 + "\n", true
		}
	}
	return tlog.Tree{}, "", false
}

// grew says whether a tree grew out of another. A tree of nothing has one root,
// and what is as large has no proof.
func grew(tree, known tlog.Tree, proof tlog.TreeProof) bool {
	if tree.N == 0 && tree.Hash != trust.BlocksRoot(nil) || tree.N == known.N && len(proof) > 0 {
		return false
	}
	return trust.Follow(tree, known, proof) == nil
}

//go:build old

package discovery_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "sealbook/verifier/discovery"
	"sealbook/verifier/transcript"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
)

// Two people find each other; one withdraws and is not found any more.
func TestStory(t *testing.T) {
	w := newTown(t, 1)
	d := w.open()
	ctx := t.Context()
	for i := range 20 {
		w.join(d, stranger(i), 9, directory.Discoverable)
	}
	annsAccount, bensAccount := w.join(d, ann, 1), w.join(d, ben, 2)
	path := filepath.Join(t.TempDir(), "state")
	state, err := LoadState(path, d)
	if err != nil {
		t.Fatal(err)
	}
	var phases []string
	search := Search{Credential: annsAccount.Credential, Numbers: []string{"+442079460199", ben}, State: state,
		Progress: func(p Progress) { phases = append(phases, p.Phase) }}
	first, err := d.Discover(ctx, search)
	if err != nil {
		t.Fatal(err)
	}
	if len(first.Found) != 1 || first.Found[0].Number != ben || first.Found[0].Record.Flags != 2 || first.Found[0].Record.Handle[31] != 2 {
		t.Fatalf("found %+v", first.Found)
	}
	if c := first.Counts; c.Evaluated != 2 || c.Charged != 8 || c.Known != 0 || *c.Budget != 5112 || c.Blocks != 1 || c.Unopened != 0 {
		t.Errorf("%+v", c)
	}
	if !slices.Equal(phases, []string{"evaluate", "tags", "records"}) {
		t.Errorf("progress: %v", phases)
	}
	back, err := d.Discover(ctx, Search{Credential: bensAccount.Credential, Numbers: []string{ann}})
	if err != nil || len(back.Found) != 1 || back.Found[0].Record.Flags != 1 {
		t.Fatalf("Ben finds %+v, %v", back.Found, err)
	}

	// The second run knows everything; nothing is charged, only a delta is read.
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the state: %v %v", info.Mode(), err)
	}
	if search.State, err = LoadState(path, d); err != nil {
		t.Fatal(err)
	}
	if search.State.Known() != 2 {
		t.Errorf("%d numbers are known", search.State.Known())
	}
	w.Came()
	second, err := d.Discover(ctx, search)
	if err != nil || len(second.Found) != 1 || second.Counts.Charged != 0 || second.Counts.Known != 2 || second.Counts.Budget != nil {
		t.Errorf("%+v %v", second, err)
	}
	if came := w.Came(); len(came) != 3 || !strings.Contains(came[0].Line, "/delta?since=") {
		t.Errorf("sent %v", came)
	}

	held, err := d.Me(ctx, bensAccount.Credential)
	if err != nil || held.Account != bensAccount.Receipt.Account || held.CredentialSHA256 == "" || held.Budget.Available != 5112 {
		t.Errorf("%+v %v", held, err)
	}
	withdrawal, note, err := d.Withdraw(ctx, bensAccount.Credential, bensAccount.Receipt.Account)
	if err != nil || note == "" {
		t.Fatal(err)
	}
	if absent, err := d.Absent(ctx, withdrawal, [directory.TagSize]byte(*bensAccount.Receipt.Tag)); !absent || err != nil {
		t.Errorf("absent: %v %v", absent, err)
	}
	if absent, err := d.Absent(ctx, withdrawal, [directory.TagSize]byte(*annsAccount.Receipt.Tag)); absent || err != nil {
		t.Errorf("Ann absent: %v %v", absent, err)
	}
	if _, _, err := d.Withdraw(ctx, bensAccount.Credential, ""); !errors.Is(err, directory.CredentialUnknown) {
		t.Errorf("a second withdrawal: %v", err)
	}
	third, err := d.Discover(ctx, search)
	if err != nil || len(third.Found) != 0 || third.Counts.Charged != 0 {
		t.Errorf("after Ben has left: %+v %v", third, err)
	}
}

// Nothing of a number leaves in what is sent to find it.
func TestNothingReadable(t *testing.T) {
	w := newTown(t, 1)
	d := w.open()
	mine := w.join(d, ann, 1, directory.Search)
	w.Came()
	if _, err := d.Discover(t.Context(), Search{Credential: mine.Credential, Numbers: []string{ben}}); err != nil {
		t.Fatal(err)
	}
	came := w.Came()
	if len(came) < 3 {
		t.Fatalf("only %d requests", len(came))
	}
	for _, r := range came {
		for _, form := range []string{"442079460102", "2079460102", "79460102"} {
			if strings.Contains(r.Line, form) || bytes.Contains(r.Body, []byte(form)) {
				t.Errorf("%s holds the number", r.Line)
			}
		}
	}
}

// A person who only searches is in no file.
func TestScopes(t *testing.T) {
	w := newTown(t, 1)
	d := w.open()
	quiet := w.join(d, ann, 1, directory.Search)
	listed := w.join(d, ben, 2, directory.Discoverable)
	if quiet.Receipt.Tag != nil || listed.Receipt.Tag == nil {
		t.Error("a tag is in the wrong receipt")
	}
	r, err := d.Discover(t.Context(), Search{Credential: quiet.Credential, Numbers: []string{ben, ann}})
	if err != nil || len(r.Found) != 1 || r.Found[0].Number != ben {
		t.Errorf("%+v %v", r, err)
	}
	_, err = d.Discover(t.Context(), Search{Credential: listed.Credential, Numbers: []string{ann}})
	if !errors.Is(err, directory.ScopeMissing) || !errors.Is(err, Refused) {
		t.Errorf("without the scope search: %v", err)
	}
}

// What the budget doesn't cover is neither charged nor lost.
func TestBudget(t *testing.T) {
	w := newTown(t, 1)
	d := w.open()
	mine := w.join(d, ann, 1)
	numbers := make([]string, 0, 6000)
	for i := range 6000 {
		numbers = append(numbers, fmt.Sprintf("+44%d4960%03d", 113+i/1000, i%1000)) // Ofcom's, for fiction
	}
	path := filepath.Join(t.TempDir(), "state")
	state, err := LoadState(path, d)
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Discover(t.Context(), Search{Credential: mine.Credential, Numbers: numbers, State: state})
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code != Budget || !errors.Is(err, directory.BudgetExceeded) || e.RetryAt.IsZero() || e.Problem.Available == nil || *e.Problem.Available != 0 {
		t.Fatalf("%+v", e)
	}
	again, err := LoadState(path, d)
	if err != nil || again.Known() != int(edge.DefaultLimits().Budget) {
		t.Errorf("%d are known, %v", again.Known(), err)
	}
}

func TestBook(t *testing.T) {
	var b Book
	for i, text := range []string{"020 7946 0102", "+44 20 7946 0102", "999", "hello", "+44 20 7946 0103 ext. 4", "+44 909 8790000", "+44 20 7946 0104"} {
		b.Add(i/2, text, "GB")
	}
	if !slices.Equal(b.Numbers, []string{ben, "+442079460104"}) || !slices.Equal(b.Owners[ben], []int{0}) {
		t.Errorf("%v %v", b.Numbers, b.Owners)
	}
	if want := (BookCounts{Texts: 7, Numbers: 2, Repeated: 1, Unreadable: 1, Invalid: 1, Services: 1, Extensions: 1}); b.Counts != want {
		t.Errorf("%+v", b.Counts)
	}
}

// What is written down is all that was sent, and the verifier can explain it.
func TestTranscript(t *testing.T) {
	w := newTown(t, 1)
	for i := range 20 {
		w.join(w.open(), stranger(i), 9, directory.Discoverable)
	}
	d := w.open()
	var written bytes.Buffer
	if err := d.Record(&written); err != nil {
		t.Fatal(err)
	}
	w.Came()
	mine := w.join(d, ann, 1)
	search := Search{Credential: mine.Credential, Numbers: []string{ben, stranger(3), stranger(4)}, State: NewState(d)}
	for range 2 {
		if r, err := d.Discover(t.Context(), search); err != nil || len(r.Found) != 2 {
			t.Fatalf("%+v %v", r, err)
		}
	}
	w.SetLie(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder { return nil })
	if _, err := d.Me(t.Context(), mine.Credential); !errors.Is(err, Network) {
		t.Fatal(err)
	}
	w.SetLie(nil)
	if _, _, err := d.Withdraw(t.Context(), mine.Credential, mine.Receipt.Account); err != nil {
		t.Fatal(err)
	}

	report, err := transcript.Check(written.Bytes(), transcript.Options{})
	if err != nil || len(report.Findings) != 0 {
		t.Fatalf("%v %v", report, err)
	}
	if l := report.Learned; l.Confirmed != 1 || l.Published != 1 || l.Numbers != 3 || l.Padding != 5 || l.Blocks != 2 || l.Unanswered != 1 {
		t.Errorf("%+v", l)
	}
	parsed, err := directory.ParseTranscript(written.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	came := w.Came()
	if len(parsed.Exchanges) != len(came) {
		t.Fatalf("%d requests came, %d are written down", len(came), len(parsed.Exchanges))
	}
	for i, e := range parsed.Exchanges {
		if came[i].Line != e.Request.Method+" "+e.Request.Path || !bytes.Equal(came[i].Body, e.Request.Body) {
			t.Errorf("%s came, %s is written down", came[i].Line, e.Request.Path)
		}
	}
	if bytes.Contains(written.Bytes(), []byte("Bearer "+mine.Credential)) {
		t.Error("the credential is in a header field")
	}
}

// In a directory of several buckets each is read, and records of others beside
// those with a match.
func TestBuckets(t *testing.T) {
	w := newTown(t, 1)
	if err := w.StartEpoch(t.Context(), w.open().Parameters.Epoch, 3); err != nil {
		t.Fatal(err)
	}
	d := w.open()
	for i := range 30 {
		w.join(d, stranger(i), 9, directory.Discoverable)
	}
	mine := w.join(d, ann, 1)
	numbers := []string{ben}
	for i := range 40 {
		numbers = append(numbers, stranger(i))
	}
	var written bytes.Buffer
	if err := d.Record(&written); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "state")
	for run := range 3 {
		state, err := LoadState(path, d)
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.Discover(t.Context(), Search{Credential: mine.Credential, Numbers: numbers, State: state})
		if want := 30 + run; err != nil || len(r.Found) != want {
			t.Fatalf("run %d: %d found, not %d: %v", run, len(r.Found), want, err)
		}
		if c := r.Counts; c.Buckets != 8 || run > 0 && c.Charged != 0 {
			t.Errorf("run %d: %+v", run, c)
		}
		// Somebody comes in between: only what changed is read.
		w.join(w.open(), []string{ben, stranger(33), stranger(34)}[run], 9, directory.Discoverable)
	}
	few, err := d.Discover(t.Context(), Search{Credential: mine.Credential, Numbers: numbers[:8]})
	if err != nil || len(few.Found) != 8 {
		t.Fatalf("%+v %v", few, err)
	}
	report, err := transcript.Check(written.Bytes(), transcript.Options{Credential: mine.Credential})
	if err != nil || len(report.Findings) != 0 {
		t.Fatalf("%v %v", report.Findings, err)
	}
	if l := report.Learned; len(l.Buckets) != 8 || l.Batches[64] != 1 || l.Batches[8] != 1 || !l.Returned {
		t.Errorf("%+v", l)
	}
}

// A new epoch ends accounts and makes what was paid for worthless; both are said.
func TestEpoch(t *testing.T) {
	w := newTown(t, 1)
	d := w.open()
	mine := w.join(d, ann, 1)
	path := filepath.Join(t.TempDir(), "state")
	state, err := LoadState(path, d)
	if err != nil {
		t.Fatal(err)
	}
	search := Search{Credential: mine.Credential, Numbers: []string{ben}, State: state}
	if _, err := d.Discover(t.Context(), search); err != nil {
		t.Fatal(err)
	}
	if err := w.StartEpoch(t.Context(), d.Parameters.Epoch, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Discover(t.Context(), search); !errors.Is(err, Epoch) {
		t.Errorf("with the parameters of before: %v", err)
	}
	next := w.open()
	if search.State, err = LoadState(path, next); err != nil || search.State.Known() != 0 {
		t.Fatalf("%d known, %v", search.State.Known(), err)
	}
	if _, err := next.Discover(t.Context(), search); !errors.Is(err, directory.CredentialUnknown) {
		t.Errorf("with the account of before: %v", err)
	}
	search.Credential = w.join(next, ann, 1).Credential
	w.join(next, ben, 2)
	if r, err := next.Discover(t.Context(), search); err != nil || len(r.Found) != 1 || r.Counts.Charged != 8 {
		t.Errorf("%+v %v", r, err)
	}
	if _, err := LoadState(path, d); !errors.Is(err, Epoch) {
		t.Errorf("an epoch that went back: %v", err)
	}
}

package discovery

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// again is how often a sync begins again: where epoch or terms changed while it
// read, or a version was not readable any more.
const again = 3

// published is the newest state of the log, as the directory shows it.
type published struct {
	trust.Update
	text string // the update, which is signed
}

// readLog reads the parameters and the newest leaf of the log, and checks both:
// the signatures, that the log grew out of the one that is known, the rules, the
// clock, and that the parameters are those of the leaf. Nothing is kept yet.
func (d *Directory) readLog(ctx context.Context, s *State) (published, error) {
	var never error
	for range 1 + again {
		if err := d.Describe(ctx); err != nil {
			return published{}, d.attest(s, "", err)
		}
		p, err := d.readUpdate(ctx, s)
		if err != nil {
			return published{}, err
		}
		switch err := d.Parameters.Fit(&p.State); {
		case err == nil:
			return p, nil
		case errors.Is(err, directory.ErrOtherKey):
			return published{}, d.contradiction(s, Key, "the directory shows another public key than its log for the same epoch", err,
				Signed{"parameters", d.note}, Signed{"update", p.text})
		}
		// Others were published meanwhile.
		never = &Error{Code: Note, Message: "the directory's parameters are never those of its log", Evidence: []Signed{{"parameters", d.note}, {"update", p.text}}}
		if p.State.Epoch != d.Parameters.Epoch {
			never = &Error{Code: Epoch, Message: "the directory's parameters and its log are of different epochs", Evidence: []Signed{{"parameters", d.note}, {"update", p.text}}}
		}
	}
	return published{}, d.keepEvidence(s, never)
}

// readUpdate reads the newest leaf of the log.
func (d *Directory) readUpdate(ctx context.Context, s *State) (published, error) {
	if s.log != "" && s.log != d.Parameters.Log {
		return published{}, d.contradiction(s, Key, "the directory shows another key of its log than before", nil,
			Signed{"parameters known before", s.note}, Signed{"parameters", d.note})
	}
	a, err := d.send(ctx, call{method: "GET", path: fmt.Sprintf("/v2/log/update?from=%d", s.tree.N),
		expect: []int{200}, limit: trust.MaxText})
	if err != nil {
		return published{}, err
	}
	text := string(a.body)
	update, err := trust.OpenUpdate(text, s.tree, d.log)
	if err == nil && s.tree.N > 0 && update.Tree.N > s.tree.N {
		err = update.State.Follows(&s.leaf)
	}
	if err == nil {
		err = update.State.Fresh(d.link.now())
	}
	if err != nil {
		e := ofTrust(err)
		now, then := Signed{"update", text}, Signed{"update known before", s.update}
		if s.update == "" {
			return published{}, d.contradiction(s, e.Code, e.Message, err, now)
		}
		return published{}, d.contradiction(s, e.Code, e.Message, err, then, now)
	}
	return published{update, text}, nil
}

// receiptFits says whether the log that a receipt names is the one that is read,
// where both are of one size: others only a proof can compare.
func receiptFits(t *directory.LogTree, tree tlog.Tree) bool {
	return t.Tree().N != tree.N || t.Tree() == tree
}

// A Signed is a text that a directory signed, or what it is held against.
type Signed struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// lies are what a directory says that does not do what it promised.
var lies = []Code{Note, Protocol, ReceiptWrong, Proof, TagsWrong, RecordWrong, Inclusion}

// attest adds to an error what shows the lie as far as it can be shown: the
// newest signed update, and what was answered last. Files are not signed, so
// that is a claim, not a proof.
func (d *Directory) attest(s *State, update string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || len(e.Evidence) > 0 || !slices.Contains(lies, e.Code) && !(e.Code == Size && update != "") {
		return err
	}
	var evidence []Signed
	if update != "" {
		evidence = append(evidence, Signed{"update", update})
	}
	if d.link.last != nil {
		evidence = append(evidence, d.link.last())
	}
	e.Evidence = evidence
	if e.Saved = s.saveEvidence(d, e.Code, evidence); e.Saved != "" {
		e.Message += "; what it answered is in " + e.Saved
	}
	return err
}

// contradiction makes an error with evidence, and saves it beside the state.
func (d *Directory) contradiction(s *State, code Code, message string, err error, evidence ...Signed) error {
	return d.keepEvidence(s, &Error{Code: code, Message: message, Err: err, Evidence: evidence})
}

// keepEvidence saves the evidence of an error beside the state.
func (d *Directory) keepEvidence(s *State, err error) error {
	e, _ := errors.AsType[*Error](err)
	if e.Saved = s.saveEvidence(d, e.Code, e.Evidence); e.Saved != "" {
		e.Message += "; what it signed is in " + e.Saved
	}
	return err
}

package discovery

import (
	"context"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// Search is what to look for.
type Search struct {
	// Mine is the own account; nil reads what is published and looks for what is
	// paid for already.
	Mine    *Mine
	Numbers []string // E.164, each once, as a Book has them
	State   *State   // what is known already; nil pays for everything
	// RecordsLimit is up to how many bytes records are read; 0 is RecordsLimit.
	// It is not to depend on who is looked for.
	RecordsLimit int64
	// Progress hears how far it is; nil is nobody.
	Progress func(Progress)
}

// Progress is how far a sync is.
type Progress struct {
	Phase       string // "log", "tags", "records", "account", "evaluate"
	Done, Total int
}

// Counts tells what a sync took.
type Counts struct {
	People    uint64 `json:"people"`    // in the directory
	Version   uint64 `json:"version"`   // of its state
	Known     int    `json:"known"`     // numbers that were paid for before
	Evaluated int    `json:"evaluated"` // numbers that were evaluated now
	Charged   int    `json:"charged"`   // evaluations that they cost, padding included
	Waiting   int    `json:"waiting"`   // numbers that the budget does not cover
	Budget    *int64 `json:"budget"`    // what is left; nil without account
	Records   bool   `json:"records"`   // records were read, all of them
	// Unopened are matches whose record does not open: tags that are equal by
	// chance, or a record that nobody sealed.
	Unopened int `json:"unopened"`
}

// Result is what a sync found, in the order of its numbers.
type Result struct {
	Found  []Found
	Counts Counts
	// WaitUntil is when the budget covers the numbers that wait, zero where they
	// wait for a scope.
	WaitUntil time.Time
	// Unwatched is from when to when nobody looked after the own entry, because
	// the whole list was read; zero where changes were replayed, and at first.
	Unwatched [2]time.Time
	// Epochs is that another epoch began twice within a day: each costs an
	// evaluation for every number.
	Epochs bool
	// Held is what the directory holds about the account.
	Held *directory.Held
	// Moved is the account in a new epoch, where one began: it is to be kept. Its
	// record is put again. It may be there beside an error.
	Moved *Mine
}

// Sync brings a state up to date and looks for numbers. It sends the same
// requests in the same order whatever the numbers are and whoever is found:
// parameters and log, tags, records, the account, evaluations. Nothing is
// finalised, matched or shown before the last answer.
//
// With an error nothing is found and the state is as before, but for evaluations
// that were paid for and proved. The exception is Own: then the result is whole,
// and somebody else changed the own entry.
func (d *Directory) Sync(ctx context.Context, s Search) (Result, error) {
	if s.State == nil {
		s.State = NewState(d)
	}
	if s.State.of != d {
		return Result{}, fail(Input, "the state was loaded for another directory")
	}
	if s.Mine != nil {
		if err := checkCredential(s.Mine.Credential); err != nil {
			return Result{}, err
		}
		s.State.own.watch(s.Mine, d.link.now())
	}
	if s.RecordsLimit == 0 {
		s.RecordsLimit = RecordsLimit
	}
	if s.Progress == nil {
		s.Progress = func(Progress) {}
	}
	s.Progress(Progress{"log", 0, 1})
	v, err := d.current(ctx, s.State, func(v *view) error {
		s.Progress(Progress{"records", 0, 1})
		return d.readRecords(ctx, s.State, v, s.RecordsLimit)
	})
	if err != nil {
		return Result{}, err
	}
	r := Result{Counts: Counts{People: v.State.People, Version: v.State.Version, Records: v.records != nil}}
	var e evaluation
	if s.Mine != nil {
		s.Progress(Progress{"account", 0, 1})
		if err := d.readAccount(ctx, &s, v, &r); err != nil {
			return Result{Moved: r.Moved}, err
		}
		e = s.fresh(v)
		err = d.evaluateAll(ctx, &s, v, &e, &r)
	}
	// The last answer is here.
	finalError := s.State.finalize(v.State.Epoch, &e, &r)
	if err == nil {
		err = finalError
	}
	if err != nil {
		if r.Counts.Evaluated > 0 {
			if err := s.State.Save(); err != nil {
				return Result{Moved: r.Moved}, err
			}
		}
		return Result{Moved: r.Moved}, d.attest(s.State, v.text, err)
	}
	return d.finish(s, v, r)
}

// readAccount reads what is held about the account, and moves it to the log's
// epoch where that is another than the account's own receipt says: the epoch of
// the log is everybody's, so a directory that would like to see the number once
// more cannot say so to one.
func (d *Directory) readAccount(ctx context.Context, s *Search, v *view, r *Result) error {
	held, err := d.Me(ctx, s.Mine.Credential)
	if err != nil {
		return err
	}
	r.Held = &held.Held
	if s.Mine.Receipt.Epoch == v.State.Epoch {
		if held.Epoch != v.State.Epoch {
			return malformed()
		}
		return nil
	}
	if s.Mine.Number == "" {
		return fail(Epoch, "the directory has begun another epoch: the account is to be moved to it")
	}
	moved, err := d.move(ctx, s.Mine, v)
	if err != nil {
		return err
	}
	// What the person shows is put again here, and not after anything was matched:
	// the time would tell how long that took.
	if s.Mine.Record != nil && moved.Receipt.Tag != nil {
		if err := d.Publish(ctx, &moved, *s.Mine.Record); err != nil {
			return err
		}
	}
	r.Moved, s.Mine = &moved, &moved
	s.State.own.watch(s.Mine, d.link.now())
	if held, err = d.Me(ctx, moved.Credential); err != nil {
		return err
	}
	r.Held = &held.Held
	return nil
}

// finish matches, opens, looks after the own entry and saves.
func (d *Directory) finish(s Search, v *view, r Result) (Result, error) {
	state := s.State
	now := d.link.now()
	alerts := state.own.judge(v, r.Held)
	if v.from.IsZero() && state.tags != nil && state.own.note != "" {
		r.Unwatched = [2]time.Time{state.leaf.Time, v.State.Time}
	}
	var err error
	if r.Found, r.Counts.Unopened, err = state.open(v, s.Numbers); err != nil {
		return Result{}, err
	}
	before := Signed{"update known before", state.update}
	if err := state.keep(v, now); err != nil {
		return Result{}, err
	}
	r.Epochs = !state.epochs[0].IsZero() && state.epochs[1].Sub(state.epochs[0]) < 24*time.Hour
	if len(alerts) == 0 {
		return r, nil
	}
	evidence := []Signed{{"receipt", state.own.note}, {"update", v.text}}
	if before.Text != "" {
		evidence = append(evidence, before)
	}
	message := "your own entry was changed by somebody else: " + alerts[0]
	return r, d.contradiction(state, Own, message, nil, evidence...)
}

// keep takes over what was read and saves it.
func (s *State) keep(v *view, now time.Time) error {
	if s.tree.N == 0 || s.leaf.Epoch != v.State.Epoch {
		if s.tree.N > 0 {
			s.epochs = [2]time.Time{s.epochs[1], now}
		}
	}
	s.tree, s.leaf, s.update = v.Tree, v.State, v.text
	s.note, s.log = s.of.note, s.of.Parameters.Log
	s.tags, s.root, s.records = v.tags, v.root, v.records
	return s.Save()
}

// evaluation is what a sync evaluates.
type evaluation struct {
	numbers []string   // that have no output in this epoch, in order
	batches []*blinded // that were answered
}

// fresh are the numbers without an output.
func (s *Search) fresh(v *view) (e evaluation) {
	for _, number := range s.Numbers {
		if _, ok := s.State.outputs[number]; !ok || s.State.epoch != v.State.Epoch {
			e.numbers = append(e.numbers, number)
		}
	}
	return e
}

// finalize verifies the proofs of the batches that were answered and keeps their
// outputs, also where a later one failed: they were paid for.
func (s *State) finalize(epoch uint32, e *evaluation, r *Result) (err error) {
	if s.epoch != epoch {
		// Of an epoch that is over nothing is of use any more.
		s.outputs, s.epoch = map[string][oprf.OutputSize]byte{}, epoch
	}
	for _, b := range e.batches {
		outputs, wrong := b.finalize()
		if wrong != nil {
			err = wrong
			continue
		}
		for i, y := range outputs {
			s.outputs[b.numbers[i]] = y
		}
		r.Counts.Evaluated += len(outputs)
	}
	return err
}

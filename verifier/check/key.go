package check

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// A Tenure is for how long everybody was shown the same of something: an epoch's
// key, or terms.
type Tenure struct {
	Epoch uint32    `json:"epoch"`
	Value string    `json:"value"` // key in base64, or SHA-256 of the terms
	First int64     `json:"first"` // entries of the log
	Last  int64     `json:"last"`
	Since time.Time `json:"since"`
}

// Keys are the keys of the directory's epochs, one each: a log with two of one
// epoch is not read.
func (d *Directory) Keys() []Tenure {
	return d.tenures(func(s *trust.State) string { return base64.StdEncoding.EncodeToString(s.Key[:]) })
}

// Terms are the terms that everybody was shown, one after the other.
func (d *Directory) Terms() []Tenure {
	return d.tenures(func(s *trust.State) string { return hex.EncodeToString(s.Consent[:]) })
}

func (d *Directory) tenures(value func(*trust.State) string) (list []Tenure) {
	for i := range d.States.List {
		s := &d.States.List[i]
		if v := value(s); len(list) == 0 || list[len(list)-1].Value != v {
			list = append(list, Tenure{s.Epoch, v, int64(i), int64(i), s.Time})
		}
		list[len(list)-1].Last = int64(i)
	}
	return list
}

// A Told is what a directory says of itself: its log, and the signed parameters
// that are those of the log's newest state.
type Told struct {
	*Directory
	Key        *directory.Verifier // of its notes
	Parameters directory.Parameters
	Offline    bool // of files that somebody kept: as it was then
}

// tries is how often parameters and log are read again where a state came between.
const tries = 3

// ReadTold reads what a directory says of itself and walks its log: one key an
// epoch, versions and times that do not fall, and parameters and terms that are
// those of the newest state. key is the pinned key of its notes; where it is empty
// the one that is shown is taken. Options need no policy: the signed parameters
// name the log's key. Of a folder or a zip nobody can say how new it is, and one
// without parameters cannot be checked.
func ReadTold(ctx context.Context, source Source, key string, o Options) (*Report, *Told) {
	kept := offline(source)
	prefix, ok := StatesBelow(ctx, source)
	if !ok {
		prefix = "v2/"
	}
	for n := 1; ; n++ {
		t := &Told{Offline: kept}
		text, err := getter(ctx, source)(prefix + "directory")
		if kept && err != nil {
			// Not kept is not another: this says nothing against the directory.
			err = &fetchError{Fetch, "kept", "these files are without what the directory says of itself, which a mirror of verifier log does not keep"}
		}
		if err == nil {
			err = t.open(text, key)
		}
		if err != nil {
			r := &Report{Where: source.Name(), Findings: []Finding{}, Remarks: []string{}, Cosigned: []trust.Cosignature{}}
			r.fault("directory", err)
			r.count(source, source)
			return r, nil
		}
		policy, err := trust.ParsePolicy("log " + t.Parameters.Log + "\nquorum none\n")
		if err != nil {
			policy = &trust.Policy{} // then no log is of its key
		}
		o.Policy = policy
		if kept {
			o.Known = nil // older than what was seen since
		}
		r, d := ReadDirectory(ctx, source, prefix, o)
		if kept {
			r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool { return f.Code == trust.Stale })
		}
		if d == nil {
			if n < tries && !kept && ctx.Err() == nil && len(r.Findings) == 1 && r.Findings[0].Code == trust.LogFile {
				continue // a tile that is not whole goes when the log has grown
			}
			return r, nil
		}
		t.Directory = d
		err = t.Parameters.Fit(d.States.Newest())
		switch {
		case err == nil:
		case errors.Is(err, directory.ErrOtherKey):
			r.fault("directory", trust.Key.Because("signed parameters have another key than the log has for this epoch"))
		case n < tries && !kept && ctx.Err() == nil:
			continue
		default:
			r.fault("directory", trust.Inclusion.Because("signed parameters or terms are not those that everybody was shown with the newest state"))
		}
		if key == "" {
			r.Remark("the directory's key is taken as it is shown here; compare it with what others have, and pass it as --key")
		}
		if kept {
			r.Remark("these are files that somebody kept: the directory as it was at " + d.States.Newest().Time.Format(time.RFC3339))
		}
		return r, t
	}
}

// open opens the signed parameters.
func (t *Told) open(text []byte, key string) error {
	var said directory.DirectoryAnswer
	if len(text) > trust.MaxText || json.Unmarshal(text, &said) != nil {
		return trust.Format.Because("not what a directory says of itself")
	}
	if key != "" && said.Key != key {
		return trust.Key.Because("another key than the one that was given")
	}
	var err error
	if t.Key, err = directory.NewVerifier(said.Key); err != nil {
		return trust.Format.Because("verifier key")
	}
	return noteError(t.Key.Open(said.Note, &t.Parameters))
}

// noteError is an error of a note with its code.
func noteError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, directory.ErrSignature):
		return trust.Signature.Because("a note that is not signed by the directory's key")
	}
	return trust.Format.Because(fmt.Sprint(err))
}

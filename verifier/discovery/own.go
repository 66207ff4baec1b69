package discovery

import (
	"fmt"
	"slices"
	"time"

	"sealbook/wasm/directory"
)

// own is the own entry, as this device put it and as it was published last. The
// directory could publish another record under the same tag: that is in its
// log, and so it is seen here.
type own struct {
	note      string // the receipt; "": nothing is watched
	receipt   directory.Receipt
	entries   []directory.Entry // of the records that were put
	put       time.Time         // when the newest of them was first known here
	listed    bool              // the tag was published
	published bool              // and one of the entries
}

type ownFile struct {
	Receipt   string            `json:"receipt"`
	Entries   []directory.Bytes `json:"entries"`
	Put       int64             `json:"put"` // Unix time
	Listed    bool              `json:"listed"`
	Published bool              `json:"published"`
}

// event is what a version's changes say of the own tag.
type event struct {
	version uint64
	kind    eventKind
	entry   directory.Entry
}

type eventKind int

const (
	removed eventKind = iota
	added
	changed
)

// watch takes the account that is to be watched.
func (o *own) watch(m *Mine, now time.Time) {
	if m.Receipt.Tag == nil {
		*o = own{}
		return
	}
	if m.Note != o.note {
		// What became of an earlier account of the number was an own act.
		*o = own{note: m.Note, receipt: m.Receipt}
	}
	if m.Sealed == nil {
		return
	}
	if e := directory.NewEntry(o.tag(), m.Sealed[:]); !slices.Contains(o.entries, e) {
		o.entries, o.put = append(o.entries, e), now
	}
}

func (o *own) tag() [directory.TagSize]byte { return [directory.TagSize]byte(*o.receipt.Tag) }

// events are what one version says of the own tag.
func (o *own) events(c *directory.Changes) (all []event) {
	if o.note == "" || o.receipt.Epoch != c.Epoch {
		return nil
	}
	tag := o.tag()
	for _, t := range c.Removed {
		if t == tag {
			all = append(all, event{c.Version, removed, directory.Entry{}})
		}
	}
	for kind, list := range map[eventKind][]directory.Entry{added: c.Added, changed: c.Changed} {
		for _, e := range list {
			if e.Tag() == tag {
				all = append(all, event{c.Version, kind, e})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b event) int { return int(a.kind - b.kind) })
	return all
}

// late is until when a record that was put must have been published: a state is
// written at least every 6 hours, and one may be under way.
const late = 13 * time.Hour

// judge says what was done to the own entry by somebody else, and takes over
// how it stands.
func (o *own) judge(v *view, held *directory.Held) (alerts []string) {
	if o.note == "" || o.receipt.Epoch != v.State.Epoch {
		return nil
	}
	alert := func(format string, args ...any) { alerts = append(alerts, fmt.Sprintf(format, args...)) }
	seen := func(e directory.Entry, version uint64) {
		switch {
		case slices.Contains(o.entries, e):
			o.published = true
		case o.published:
			alert("version %d has another record under your tag than the one you put", version)
		}
	}
	for _, e := range v.watched {
		switch e.kind {
		case removed:
			if o.listed {
				alert("version %d does not have your tag any more", e.version)
			}
			o.listed = false
		case added:
			if o.listed {
				alert("version %d has your tag once more", e.version)
			}
			o.listed = true
			seen(e.entry, e.version)
		case changed:
			seen(e.entry, e.version)
		}
	}
	from, to := v.tags.Find(o.tag())
	switch whole := v.from.IsZero(); {
	case from == to && (o.listed || v.Tree.N >= int64(o.receipt.Size)+2):
		if len(alerts) == 0 {
			alert("your tag is not published")
		}
	case to-from > 1 && whole:
		alert("your tag is published %d times", to-from)
	}
	if from < to && v.records != nil {
		mine := false
		for at := from; at < to; at++ {
			mine = mine || slices.Contains(o.entries, directory.NewEntry(o.tag(), v.record(at)))
		}
		switch {
		case mine:
			o.published = true
		case len(o.entries) > 0 && (o.published || v.State.Time.Sub(o.put) > late) && len(alerts) == 0:
			alert("another record is published under your tag than the one you put")
		}
	}
	o.listed = from < to
	if held != nil && len(o.entries) > 0 && len(held.Record) == directory.RecordSize &&
		!slices.Contains(o.entries, directory.NewEntry(o.tag(), held.Record)) {
		alert("the directory holds another record for you than the one you put")
	}
	return alerts
}

func (o *own) file() ownFile {
	f := ownFile{Receipt: o.note, Entries: []directory.Bytes{}, Listed: o.listed, Published: o.published}
	for _, e := range o.entries {
		f.Entries = append(f.Entries, e[:])
	}
	if !o.put.IsZero() {
		f.Put = o.put.Unix()
	}
	return f
}

// readOwn takes over what file wrote. The receipt is checked with the directory's
// key, which the state has.
func (s *State) readOwn(f ownFile) error {
	if f.Receipt == "" {
		return nil
	}
	o := own{note: f.Receipt, listed: f.Listed, published: f.Published, put: time.Unix(f.Put, 0)}
	if s.of.verifier == nil || s.of.verifier.Open(f.Receipt, &o.receipt) != nil || o.receipt.Tag == nil {
		return damaged()
	}
	for _, e := range f.Entries {
		if len(e) != directory.EntrySize {
			return damaged()
		}
		o.entries = append(o.entries, directory.Entry(e))
	}
	s.own = o
	return nil
}

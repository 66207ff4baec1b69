package discovery

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// kept is for how long changes are published.
const kept = 8 * 24 * time.Hour

// maxChanges is how long the changes of all hours of a sync may be: those of 10⁷
// people are a tenth of it.
const maxChanges = 40 << 20

// A view is what a directory published at one version, read and checked.
type view struct {
	published
	root    tlog.Hash
	tags    *directory.Tags
	records []byte         // nil: not read
	blocks  map[int][]byte // of records, where one friend's is asked for
	// From is since when changes were replayed, zero where the whole list was
	// read: then nobody knows what was there between.
	from    time.Time
	hours   []hour
	shared  bool    // see directory.Replay
	watched []event // what the changes say of the own tag
}

// An hour is what was changed in one that has records to read.
type hour struct {
	path     string
	newest   bool // it is that of the newest leaf
	versions []directory.Changes
}

// gone says whether an error is that a newer version may have come.
func gone(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.again
}

// missing says whether an error is that a file cannot be read any more, or not
// yet.
func missing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Problem != nil && (e.Problem.Status == http.StatusNotFound || e.Problem.Status == http.StatusGone)
}

// torn is that a file of a version that the log names cannot be read.
func torn(err error) error {
	if !missing(err) {
		return err
	}
	e, _ := errors.AsType[*Error](err)
	return &Error{Code: TagsWrong, Message: "the directory does not serve what it logged", Problem: e.Problem, Err: err, again: true}
}

// readTags reads the tags of a version: by the changes since the version that is
// known, or whole. They are made again, and must be those of the log.
func (d *Directory) readTags(ctx context.Context, s *State, p published) (*view, error) {
	v := &view{published: p}
	if p.State.People > directory.MaxCount {
		return nil, fail(Size, "the directory has more people than a list may have")
	}
	if s.tags != nil && s.leaf == p.State {
		v.root, v.tags, v.from = s.root, s.tags, s.leaf.Time
		return v, nil
	}
	a, err := d.send(ctx, call{method: "GET", path: fmt.Sprintf("/v2/states/%d/root", p.State.Version),
		expect: []int{200}, limit: tlog.HashSize})
	if err != nil {
		return nil, torn(err)
	}
	if len(a.body) != tlog.HashSize {
		return nil, fail(TagsWrong, "the directory's root of records is malformed")
	}
	v.root = tlog.Hash(a.body)
	var file []byte
	if s.tags != nil && s.leaf.Epoch == p.State.Epoch && latest(d.link.now(), p.State.Time).Sub(s.leaf.Time) <= kept {
		if err := d.readChanges(ctx, s, v); err != nil {
			return nil, err
		}
		file = v.tags.Append(nil)
	} else {
		a, err := d.send(ctx, call{method: "GET", path: fmt.Sprintf("/v2/states/%d/tags", p.State.Version),
			expect: []int{200}, limit: directory.MaxTagsFile(uint32(p.State.People)), public: true})
		if err != nil {
			return nil, torn(err)
		}
		tags, err := directory.ParseTags(a.body)
		if err != nil {
			return nil, wrap(TagsWrong, "the directory's file of tags is malformed", err)
		}
		v.tags, file = &tags, a.body
	}
	if v.tags.Place != (directory.Place{Epoch: p.State.Epoch}) || v.tags.Version != p.State.Version {
		return nil, fail(TagsWrong, "the directory's tags are not those of its newest state")
	}
	if err := p.State.CheckFiles(sha256.Sum256(file), v.root); err != nil {
		return nil, ofTrust(err)
	}
	if uint64(v.tags.Count) != p.State.People {
		return nil, fail(TagsWrong, "the directory counts other people than its tags")
	}
	return v, nil
}

// readChanges replays the changes of all hours since the version that is known,
// until the chain of the leaf comes out.
func (d *Directory) readChanges(ctx context.Context, s *State, v *view) error {
	lying := func(err error) error {
		return wrap(TagsWrong, "the directory's changes do not lead to its newest state", err)
	}
	r := directory.NewReplay(*s.tags, s.leaf.Changes)
	first, last := s.leaf.Time.Unix()/3600, v.State.Time.Unix()/3600
	limit := int64(maxChanges)
	for h := first; h <= last; h++ {
		path := fmt.Sprintf("/v2/changes/%d", h)
		if h == last {
			path = fmt.Sprintf("%s/%d", path, v.State.Version)
		}
		a, err := d.send(ctx, call{method: "GET", path: path, expect: []int{200}, limit: limit, public: true})
		if err != nil && h == last {
			return torn(err)
		} else if err != nil {
			return err // hours that are over do not come again
		}
		if limit -= int64(len(a.body)); len(a.body) == 0 {
			continue // nothing was published in that hour
		}
		versions, raw, err := directory.ParseHour(a.body)
		if err != nil {
			return lying(err)
		}
		entries := 0
		for i := range versions {
			c := &versions[i]
			if c.Version <= s.leaf.Version && h == first {
				continue // known already
			}
			entries += c.Records()
			if err := r.Next(c, raw[i]); err != nil {
				return lying(err)
			}
			v.watched = append(v.watched, s.own.events(c)...)
		}
		if entries > 0 {
			v.hours = append(v.hours, hour{path, h == last, versions})
		}
	}
	if r.Version() != v.State.Version || r.Chain() != v.State.Changes {
		return lying(trust.Consistency)
	}
	tags := r.Tags()
	v.tags, v.from, v.shared = &tags, s.leaf.Time, r.Shared
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

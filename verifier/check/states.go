package check

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/verifier/release"
	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// originOfStates ends the name of a log of states.
const originOfStates = "/v2/log"

// StatesBelow says where a source has a directory's log of states, and not one of
// releases: "v2/" or "", where the source is that of /v2/ itself.
func StatesBelow(ctx context.Context, source Source) (prefix string, ok bool) {
	get := getter(ctx, source)
	if b, err := get("log/checkpoint"); err == nil {
		origin, _, err := trust.ReadCheckpoint(string(b))
		return "", err == nil && strings.HasSuffix(origin, originOfStates)
	}
	b, err := get("v2/log/checkpoint")
	if err != nil {
		return "", false
	}
	_, _, err = trust.ReadCheckpoint(string(b))
	return "v2/", err == nil
}

// A Directory is a log of a directory's states that was read and checked.
type Directory struct {
	States *trust.States
	// Cosigned is the newest checkpoint that witnesses signed, of what the log was;
	// empty where there is none, or the policy names no witness.
	Cosigned string

	get func(string) ([]byte, error)
}

// ReadDirectory checks a directory's log of states whole, by its rules, and that
// its newest state is not too old. The policy names the log's key. What it
// returns beside the report is nil where the log cannot be relied on.
func ReadDirectory(ctx context.Context, source Source, prefix string, o Options) (*Report, *Directory) {
	r := &Report{Where: source.Name(), Findings: []Finding{}, Remarks: []string{}, Cosigned: []trust.Cosignature{}, Witnesses: len(o.Policy.Witnesses)}
	defer r.count(source, source)
	all := getter(ctx, source)
	get := func(path string) ([]byte, error) { return all(prefix + path) }
	// Before the log, which is then not the shorter one.
	cosigned, err := readCosigned(get, o.Policy)
	if err != nil {
		r.fault("log/cosigned", err)
	}
	states, key, err := readStates(get, o.Policy)
	if err != nil {
		r.fault("log", err)
		return r, nil
	}
	d := &Directory{States: states, get: get}
	newest := states.Newest()
	r.Origin, _, _ = strings.Cut(states.Checkpoint, "\n")
	r.Entries, r.Root, r.Entry, r.Time = states.Tree.N, states.Tree.Hash.String(), states.Tree.N-1, newest.Time
	if cosigned != "" {
		if tree, err := (statesOf{states, key}).OpenOld(cosigned); err != nil {
			r.fault("log/cosigned", err)
		} else {
			d.Cosigned = cosigned
			r.Remark(fmt.Sprintf("what is cosigned is the log of %d entries", tree.N))
		}
	}
	if r.Cosigned, err = o.Policy.Cosigned(cmp.Or(d.Cosigned, states.Checkpoint), o.Now); err != nil {
		r.fault("log", err)
	}
	if r.Cosigned == nil {
		r.Cosigned = []trust.Cosignature{}
	}
	if o.Known != nil {
		if err := o.Known.check(r.Origin, states.Tree, states.Checkpoint, states.Grown); err != nil {
			r.fault("log", err)
			return r, nil
		}
	}
	if err := newest.Fresh(o.Now); err != nil {
		r.fault("log", err)
	}
	return r, d
}

// readCosigned reads what a directory has of witnesses, if the policy names any:
// nothing of it is to be believed yet.
func readCosigned(get func(string) ([]byte, error), policy *trust.Policy) (string, error) {
	if len(policy.Witnesses) == 0 {
		return "", nil
	}
	b, err := get("log/cosigned")
	if e, ok := errors.AsType[*fetchError](err); ok && e.code == trust.LogFile {
		return "", nil // then too few have
	}
	return string(b), err
}

func readStates(get func(string) ([]byte, error), policy *trust.Policy) (*trust.States, note.Verifier, error) {
	b, err := get("log/checkpoint")
	if err != nil {
		return nil, nil, err
	}
	origin, _, err := trust.ReadCheckpoint(string(b))
	if err != nil {
		return nil, nil, err
	}
	var key note.Verifier
	for _, text := range policy.Logs {
		if v, err := trust.NewVerifier(text, origin); err == nil {
			key = v
		}
	}
	if key == nil || !strings.HasSuffix(origin, originOfStates) {
		return nil, nil, trust.Key.Because("the policy names no key of this log")
	}
	states, err := trust.ReadStates(func(path string) ([]byte, error) {
		if path == "checkpoint" {
			return b, nil // the one whose name was looked up
		}
		return get("log/" + path)
	}, key)
	return states, key, err
}

// Mirror keeps the log and the newest state's tags in a folder, by the paths at
// which the directory serves them, and the changes of the hours that it still
// gives, from the one on that the mirror had last: a directory that was restored
// from a backup goes on from it (-adopt-log). All is held against the log: tags by
// their hash, changes by the chain. A log that is there already must be what this
// one grew out of; else the mirror stays as it was, and both checkpoints are kept
// in evidence.txt. Errors that accuse have a code of package trust.
func (d *Directory) Mirror(dir string, now time.Time) error {
	known, err := os.ReadFile(filepath.Join(dir, "v2/log/checkpoint"))
	since := now.Add(-8 * 24 * time.Hour)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return bare(err)
	default:
		_, tree, err := trust.ReadCheckpoint(string(known))
		if err != nil {
			return fmt.Errorf("the mirror itself: %w", err)
		}
		if err := d.States.Grown(tree); err != nil {
			_, failed := SaveEvidence(filepath.Join(dir, "evidence.txt"), string(known), d.States.Checkpoint)
			return errors.Join(err, failed)
		}
		if tree.N > 0 {
			if last := d.States.List[tree.N-1].Time; last.After(since) {
				since = last
			}
		}
	}
	files, err := d.States.Tiles()
	if err != nil {
		return err
	}
	keep := release.Files{}
	for path, data := range files {
		keep["v2/log/"+path] = data
	}
	if err := d.state(keep); err != nil {
		return err
	}
	if err := d.changes(keep, since); err != nil {
		return err
	}
	for _, path := range keep.Names() {
		if err := Replace(filepath.Join(dir, filepath.FromSlash(path)), keep[path]); err != nil {
			return err
		}
	}
	// The checkpoint last: a mirror is whole at any moment. What is cosigned is of
	// what the log was.
	if err := Replace(filepath.Join(dir, "v2/log/checkpoint"), []byte(d.States.Checkpoint)); err != nil {
		return err
	}
	if d.Cosigned != "" {
		if err := Replace(filepath.Join(dir, "v2/log/cosigned"), []byte(d.Cosigned)); err != nil {
			return err
		}
	}
	return dropStates(filepath.Join(dir, "v2/states"), d.States.Newest().Version)
}

// state reads the tags of the newest state.
func (d *Directory) state(keep release.Files) error {
	newest := d.States.Newest()
	path := fmt.Sprintf("states/%d/", newest.Version)
	tags, err := d.get(path + "tags")
	if err != nil {
		return err
	}
	root, err := d.get(path + "root")
	if err != nil {
		return err
	}
	list, err := directory.ParseTags(tags)
	if err != nil || len(root) != tlog.HashSize || list.Version != newest.Version || uint64(list.Count) != newest.People {
		return trust.File.Because("the tags of the newest state")
	}
	if err := newest.CheckFiles(sha256.Sum256(tags), tlog.Hash(root)); err != nil {
		return err
	}
	keep["v2/"+path+"tags"], keep["v2/"+path+"root"] = tags, root
	return nil
}

// changes reads those of the hours from a time on, the newest one up to its newest
// version.
func (d *Directory) changes(keep release.Files, since time.Time) error {
	newest := d.States.Newest()
	last := newest.Time.Unix() / 3600
	read := int64(-1)
	for _, s := range d.States.List {
		hour := s.Time.Unix() / 3600
		if hour < since.Unix()/3600 || hour == read || s.Epoch != newest.Epoch {
			continue
		}
		read = hour
		path := fmt.Sprintf("changes/%d", hour)
		if hour == last {
			path += fmt.Sprintf("/%d", newest.Version)
		}
		changes, err := d.get(path)
		if err != nil {
			return err
		}
		records, err := d.get(path + "/records")
		if err != nil {
			return err
		}
		versions, raw, err := directory.ParseHour(changes)
		if err != nil || directory.FitRecords(versions, records) != nil {
			return trust.File.Because(fmt.Sprintf("the changes of hour %d", hour))
		}
		for i, v := range versions {
			if err := d.States.Chained(v.Version, sha256.Sum256(raw[i])); err != nil {
				return err
			}
		}
		keep["v2/"+path+"/index"], keep["v2/"+path+"/records"] = changes, records
	}
	return nil
}

// dropStates removes the tags of older states.
func dropStates(dir string, newest uint64) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return bare(err)
	}
	for _, e := range entries {
		if e.Name() != fmt.Sprint(newest) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

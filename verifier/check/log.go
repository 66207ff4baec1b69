package check

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// getter reads files of a source.
func getter(ctx context.Context, source Source) func(path string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		a, err := source.Get(ctx, path, Plain)
		if err != nil {
			return nil, err
		}
		if a.Status != 200 {
			return nil, &fetchError{trust.LogFile, "", fmt.Sprintf("status %d for %s, without which nothing can be checked", a.Status, path)}
		}
		return a.Body, nil
	}
}

// openLog reads a log of releases and checks whose it is, who cosigned it and
// that it grew out of what is known. It returns nil where nothing more can be said.
func openLog(r *Report, get func(string) ([]byte, error), o Options) *log {
	releases, checkpoint, err := trust.ReadReleases(func(path string) ([]byte, error) { return get("log/" + path) }, o.Now)
	if err == nil {
		err = o.Policy.Check(releases, checkpoint)
	}
	if err != nil {
		r.fault("log", err)
		return nil
	}
	l := &log{releases: releases, checkpoint: checkpoint, manifests: map[string][]byte{}, read: map[int64]*trust.Manifest{}}
	r.Origin, r.Entries, r.Root = releases.Keys.Origin(), releases.Tree.N, releases.Tree.Hash.String()
	r.Trial = strings.HasPrefix(r.Origin, release.TrialHost+"/")
	if r.Cosigned, err = o.Policy.Cosigned(checkpoint, o.Now); err != nil {
		r.fault("log", err)
	}
	if r.Cosigned == nil {
		r.Cosigned = []trust.Cosignature{}
	}
	if o.Known != nil {
		if err := o.Known.Check(r.Origin, releases, checkpoint); err != nil {
			r.fault("log", err)
			return nil
		}
	}
	if l.tiles, err = releases.Tiles(); err != nil {
		r.fault("log", err)
		return nil
	}
	return l
}

// readManifests reads that of each release.
func (l *log) readManifests(r *Report, get func(string) ([]byte, error)) {
	for _, made := range l.releases.List {
		sum := hex.EncodeToString(made.Manifest[:])
		text, err := get("log/manifest/" + sum)
		if err != nil {
			r.fault("log/manifest/"+sum, err)
			continue
		}
		m, err := trust.ParseManifest(text)
		if err == nil && (m.SHA256() != made.Manifest || m.Version != made.Version) {
			err = Manifest.Because("not the one that the log has for " + made.Version)
		} else if err != nil {
			err = Manifest.Because("not the one that the log has for " + made.Version + ", and no manifest")
		}
		if err != nil {
			r.fault("log/manifest/"+sum, err)
			continue
		}
		l.manifests[sum], l.read[made.Index] = text, m
	}
}

// A Log is a log of releases that was read and checked.
type Log struct {
	Releases   *trust.Releases
	Checkpoint string // signed, and cosigned

	log *log
}

// ReadLog checks a log of releases whole: its rules and signatures, every tile and
// every manifest. What it returns beside the report is nil where the log cannot
// be relied on.
func ReadLog(ctx context.Context, source Source, o Options) (*Report, *Log) {
	r := &Report{Where: source.Name(), Findings: []Finding{}, Remarks: []string{}, Cosigned: []trust.Cosignature{}, Witnesses: len(o.Policy.Witnesses)}
	defer r.count(source, source)
	get := getter(ctx, source)
	l := openLog(r, get, o)
	if l == nil {
		return r, nil
	}
	l.readManifests(r, get)
	for path, want := range l.tiles {
		if b, err := get("log/" + path); err != nil {
			r.fault("log/"+path, err)
		} else if string(b) != string(want) {
			r.Find(Finding{Code: trust.LogFile, Where: "log/" + path, What: "other bytes than the log has"})
		}
	}
	switch newest, err := l.releases.Newest(o.Now); {
	case errors.Is(err, trust.Expired): // a log that is frozen shows so
		r.fault("log", err)
	case err != nil:
		r.Remark(strings.TrimPrefix(err.Error(), "trust: "))
	default:
		r.Version, r.Entry, r.Time, r.Expires = newest.Version, newest.Index, newest.Time, newest.Expires
		r.Manifest = hex.EncodeToString(newest.Manifest[:])
		if m := l.read[newest.Index]; m != nil {
			r.Commit, r.manifest = m.Commit, m
		}
	}
	return r, &Log{l.releases, l.checkpoint, l}
}

// OpenLog opens what has a log of releases: what Open does, and the folder of a log
// itself.
func OpenLog(where string) (Source, error) {
	s, err := Open(where)
	if f, ok := s.(*folder); ok && f.files["checkpoint"] != nil && f.files["log/checkpoint"] == nil {
		all := release.Files{}
		for name, data := range f.files {
			all["log/"+name] = data
		}
		f.files = all
	}
	return s, err
}

// Mirror keeps a log in a folder, in the form in which a site has it, with the
// proof of its newest release: it can be served as it is, and be what a check is
// held against. A log that is there already must be what this one grew out of; its
// error is then Rollback or Consistency, both checkpoints are kept in
// evidence.txt, and the mirror stays as it was. The checkpoint comes last, so that
// a mirror is whole at any moment.
func (l *Log) Mirror(dir string, now time.Time) error {
	before, err := release.ReadLog(filepath.Join(dir, "log"), now)
	if err != nil {
		return fmt.Errorf("the mirror itself: %w", bare(err))
	}
	if len(before.Entries) > 0 {
		old, err := trust.Walk(before.Entries, now)
		if err != nil {
			return err
		}
		if err := l.Releases.Grown(old.Tree); err != nil {
			_, failed := SaveEvidence(filepath.Join(dir, "evidence.txt"), before.Checkpoint(), l.Checkpoint)
			return errors.Join(err, failed)
		}
	}
	files := release.Files{}
	for path, data := range l.log.tiles {
		files["log/"+path] = data
	}
	for sum, text := range l.log.manifests {
		files["log/manifest/"+sum] = text
	}
	for _, path := range files.Names() {
		if err := Replace(filepath.Join(dir, filepath.FromSlash(path)), files[path]); err != nil {
			return err
		}
	}
	if err := Replace(filepath.Join(dir, "log", "checkpoint"), []byte(l.Checkpoint)); err != nil {
		return err
	}
	if newest, err := l.Releases.Newest(now); err == nil {
		proof, err := l.Releases.Prove(newest.Index, l.Checkpoint)
		if err != nil {
			return err
		}
		return Replace(filepath.Join(dir, "release.tlog-proof"), proof.Append(nil))
	}
	return nil
}

// Replace writes a file, whole or not at all, where it is not there already.
func Replace(path string, data []byte) error {
	if b, err := os.ReadFile(path); err == nil && string(b) == string(data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return bare(err)
	}
	next := path + ".new"
	err := os.WriteFile(next, data, 0o644)
	if err == nil {
		err = os.Rename(next, path)
	}
	return bare(err)
}

// SaveEvidence keeps two checkpoints that contradict each other in a file, unless
// it has that already.
func SaveEvidence(path, before, now string) (string, error) {
	return path, Replace(path, Evidence(before, now))
}

// Evidence is the text of a file with two signed texts that contradict each other.
func Evidence(before, now string) []byte {
	return []byte("known before:\n\n" + before + "\nshown now:\n\n" + now)
}

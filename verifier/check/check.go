// Package check says whether what a site serves is what its log of releases names:
// to several kinds of visitors, byte for byte, header for header. It takes a URL,
// a folder, a zip, or a HAR that a browser saved, and trusts nobody but the keys
// of a policy. wasm/trust/TRUST.md is the specification.
//
//	source, err := check.Open("https://sealbook.example/")
//	report := check.Site(ctx, source, check.Options{Policy: policy, Known: known, Now: time.Now()})
//	if report.Exit() != 0 {
//		fmt.Println(report.Findings)
//	}
//
// Whatever does not fit is a [Finding] with a stable code.
package check

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

// Codes beside those of package trust.
const (
	Manifest trust.Code = "MANIFEST" // not the one that the log names
	Extra    trust.Code = "EXTRA"    // something that is not listed
	Status   trust.Code = "STATUS"   // another status than 200, or 404 for what is not there
	Header   trust.Code = "HEADER"   // a header field that is missing, another, or too many
	Present  trust.Code = "PRESENT"  // a tag that was withdrawn and is published all the same
	Fetch    trust.Code = "FETCH"    // no answer, or none that ends: could not check
)

// unsure are the codes that say "could not check" and not "differs".
var unsure = []trust.Code{Fetch, trust.Witness, trust.Kind}

// A Finding is something that is not as the log says.
type Finding struct {
	Code    trust.Code `json:"code"`
	Where   string     `json:"where"`             // path, or "log"
	What    string     `json:"what"`              // for people
	Reason  string     `json:"reason,omitempty"`  // a stable word for the kind of a difference, where a code has several
	Visitor string     `json:"visitor,omitempty"` // who saw it, where not everybody did
}

func (f Finding) String() string {
	s := fmt.Sprintf("%s %s: %s", string(f.Code), f.Where, f.What)
	if f.Visitor != "" {
		s += " (seen as " + f.Visitor + ")"
	}
	return s
}

// Options are what a check needs.
type Options struct {
	Policy  *trust.Policy
	Known   *Known // nil: nothing is kept
	Version string // the release that is meant; the newest where empty
	Now     time.Time
	// Bare is for hosts that send no header fields of ours: what is missing is a
	// remark and not a finding.
	Bare bool
	// Log has log/ and release.tlog-proof, where that is another source.
	Log Source
	// Pause is waited for before everything is asked once more; 0 for not.
	Pause time.Duration
}

// A Report is the result of a check.
type Report struct {
	Where     string              `json:"where"`
	Origin    string              `json:"origin"` // of the log
	Version   string              `json:"version"`
	Commit    string              `json:"commit"`
	Manifest  string              `json:"manifest"` // SHA-256
	Entry     int64               `json:"entry"`
	Entries   int64               `json:"entries"`
	Root      string              `json:"root"`
	Time      time.Time           `json:"time"`
	Expires   time.Time           `json:"expires"`
	Cosigned  []trust.Cosignature `json:"cosigned"`
	Witnesses int                 `json:"witnesses"` // of the policy
	Files     int                 `json:"files"`
	Visitors  []string            `json:"visitors"`
	Requests  int                 `json:"requests"`
	Bytes     int64               `json:"bytes"`
	Findings  []Finding           `json:"findings"`
	Remarks   []string            `json:"remarks"`
	Trial     bool                `json:"trial"` // signed by keys that everybody has

	manifest *trust.Manifest
}

// Find notes a finding, once.
func (r *Report) Find(f Finding) {
	for i, g := range r.Findings {
		if g.Code == f.Code && g.Where == f.Where && g.What == f.What {
			if g.Visitor != f.Visitor {
				// More than one saw it.
				r.Findings[i].Visitor = join(g.Visitor, f.Visitor)
			}
			return
		}
	}
	if len(r.Findings) < maxFindings {
		r.Findings = append(r.Findings, f)
	}
}

const maxFindings = 1000

func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "" || slices.Contains(strings.Split(a, ", "), b):
		return a
	}
	return a + ", " + b
}

// fault notes an error with its code.
func (r *Report) fault(where string, err error) {
	f := Finding{Code: Fetch, Where: where, What: err.Error()}
	if code, ok := errors.AsType[trust.Code](err); ok {
		f.Code = code
		f.What = strings.TrimPrefix(strings.Replace(f.What, code.Error()+": ", "", 1), ": ")
	}
	if e, ok := errors.AsType[*fetchError](err); ok {
		f.Code, f.Reason, f.What = e.code, e.reason, e.what
	}
	r.Find(f)
}

// Fault notes an error that has a code; others are returned.
func (r *Report) Fault(where string, err error) error {
	if _, ok := errors.AsType[trust.Code](err); !ok {
		return err
	}
	r.fault(where, err)
	return nil
}

// Exit is the exit code: 0 verified, 1 differs, 2 could not check.
func (r *Report) Exit() int {
	exit := 0
	for _, f := range r.Findings {
		if !slices.Contains(unsure, f.Code) {
			return 1
		}
		exit = 2
	}
	return exit
}

// Site checks a site.
func Site(ctx context.Context, source Source, o Options) *Report {
	r := &Report{Where: source.Name(), Findings: []Finding{}, Remarks: []string{}, Cosigned: []trust.Cosignature{}, Witnesses: len(o.Policy.Witnesses)}
	logs := source
	if o.Log != nil {
		logs = o.Log
	}
	log := readLog(ctx, r, logs, o)
	if log == nil {
		r.count(source, logs)
		return r
	}
	switch s := source.(type) {
	case *har:
		s.check(r, log, o)
	case *folder:
		s.check(r, log)
	default:
		visit(ctx, r, source, log, o)
		if o.Pause > 0 && ctx.Err() == nil {
			select {
			case <-time.After(o.Pause):
				visit(ctx, r, source, log, o)
			case <-ctx.Done():
			}
		}
	}
	r.count(source, logs)
	return r
}

func (r *Report) count(sources ...Source) {
	if sources[0] == sources[1] {
		sources = sources[:1]
	}
	for _, s := range sources {
		if u, ok := s.(*site); ok {
			r.Requests += int(u.requests.Load())
			r.Bytes += u.bytes.Load()
		}
	}
}

// log is what the log of releases says of a site.
type log struct {
	releases   *trust.Releases
	checkpoint string
	proof      string
	made       *trust.Logged
	manifest   *trust.Manifest
	manifests  map[string][]byte         // by the hash in hexadecimal
	read       map[int64]*trust.Manifest // by the index of their release
	tiles      map[string][]byte
}

// readLog reads and checks the log, and finds the release. It returns nil where
// nothing more can be said.
func readLog(ctx context.Context, r *Report, source Source, o Options) *log {
	get := getter(ctx, source)
	l := openLog(r, get, o)
	if l == nil {
		return nil
	}
	proof, err := get("release.tlog-proof")
	if err != nil {
		r.fault("release.tlog-proof", err)
		return nil
	}
	l.proof = string(proof)
	if l.made, err = l.claimed(); err != nil {
		r.fault("release.tlog-proof", err)
		return nil
	}
	r.judgeRelease(l, o)
	l.readManifests(r, get)
	l.manifest = l.read[l.made.Index]
	r.Version, r.Entry, r.Time, r.Expires = l.made.Version, l.made.Index, l.made.Time, l.made.Expires
	r.Manifest = hex.EncodeToString(l.made.Manifest[:])
	if l.manifest == nil {
		return nil
	}
	r.Commit, r.manifest = l.manifest.Commit, l.manifest
	r.Files = len(l.manifest.Below("site/"))
	return l
}

// claimed is the release that the site says it is: by its proof, which must be
// one of this log or of what it was.
func (l *log) claimed() (*trust.Logged, error) {
	p, err := trust.ParseProof([]byte(l.proof))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(l.releases.List, func(made trust.Logged) bool { return made.Index == p.Index })
	if i < 0 || string(l.releases.Entries[p.Index]) != string(p.Entry) {
		return nil, trust.Inclusion.Because("it names an entry that the log does not have there")
	}
	var tree tlog.Tree
	tree, err = l.releases.OpenOld(p.Checkpoint)
	if err != nil {
		return nil, err
	}
	want, err := l.releases.ProveIn(p.Index, tree.N, p.Checkpoint)
	if err != nil {
		return nil, err
	}
	if string(want.Append(nil)) != l.proof {
		return nil, trust.Inclusion.Because("the entry is not in the log by this proof")
	}
	return &l.releases.List[i], nil
}

// judgeRelease says whether the site may be that release.
func (r *Report) judgeRelease(l *log, o Options) {
	if o.Version != "" {
		if o.Version != l.made.Version {
			r.Find(Finding{Code: trust.Stale, Where: "release.tlog-proof", Reason: "version", What: fmt.Sprintf("the site is %s, not %s", l.made.Version, o.Version)})
		}
		if err := l.made.Standing(o.Now); err != nil {
			r.Remarks = append(r.Remarks, err.Error())
		}
		return
	}
	if err := l.made.Standing(o.Now); err != nil {
		r.fault("release.tlog-proof", err)
		return
	}
	if newest, err := l.releases.Newest(o.Now); err == nil && newest.Index != l.made.Index {
		r.Find(Finding{Code: trust.Stale, Where: "release.tlog-proof", Reason: "older", What: fmt.Sprintf("the site is %s, and the log has %s", l.made.Version, newest.Version)})
	}
}

// expected is what lies at a path of the site: nil where nothing does.
func (l *log) expected(path string) (is func([]byte) bool, there bool) {
	if f := l.manifest.File("site/" + path); f != nil {
		return f.Is, true
	}
	same := func(want []byte) func([]byte) bool { return func(b []byte) bool { return string(b) == string(want) } }
	rest, inLog := strings.CutPrefix(path, "log/")
	switch {
	case path == "release.tlog-proof":
		return same([]byte(l.proof)), true
	case !inLog:
		return nil, false
	case rest == "checkpoint":
		return same([]byte(l.checkpoint)), true
	}
	if sum, ok := strings.CutPrefix(rest, "manifest/"); ok {
		text, there := l.manifests[sum]
		return same(text), there
	}
	if want, ok := l.tiles[rest]; ok {
		return same(want), true
	}
	// An older partial tile may still be there.
	if t, err := trust.ParseTile(rest); err == nil {
		if want, err := l.releases.Tile(t); err == nil {
			return same(want), true
		}
	}
	return nil, false
}

// paths are those that a site must have.
func (l *log) paths() []string {
	list := []string{"release.tlog-proof", "log/checkpoint"}
	for path := range l.manifest.Below("site/") {
		list = append(list, path)
	}
	for path := range l.tiles {
		list = append(list, "log/"+path)
	}
	for sum := range l.manifests {
		list = append(list, "log/manifest/"+sum)
	}
	slices.Sort(list)
	return list
}

// compare says whether data is what lies at a path, and what it is if not.
func (r *Report) compare(l *log, path string, data []byte, visitor string) {
	is, there := l.expected(path)
	switch {
	case !there:
		r.Find(Finding{Code: Extra, Where: path, What: "a file that the release does not list", Visitor: visitor})
	case !is(data):
		f := Finding{Code: trust.File, Where: path, What: "other bytes than the release has", Visitor: visitor}
		if strings.HasPrefix(path, "log/tile/") || path == "log/checkpoint" || path == "release.tlog-proof" {
			f.Code, f.What = trust.LogFile, "other bytes than the log has"
		}
		if strings.HasPrefix(path, "log/manifest/") {
			f.Code, f.What = Manifest, "not the one that the log has"
		}
		if path == "sw.js" {
			f.Reason = "service-worker"
		}
		for other, file := range l.manifest.Below("site/") {
			if file.Is(data) {
				f.Reason, f.What = "swapped", "the bytes of "+other
			}
		}
		r.Find(f)
	}
}

// Released is the manifest of the release that the site is, nil where it is not
// known.
func (r *Report) Released() *trust.Manifest { return r.manifest }

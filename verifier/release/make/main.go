// Make makes a release of what build.sh has built, or changes the log of releases:
//
//	make keys [-o FILE]                  the keys that hold now, for site/build
//	make release -version V -from DIR    dist/: site, zip, tarball, worker, verifiers, manifest
//	make compare -manifest FILE -from DIR  whether that is the release of a manifest
//	make begin -host HOST                entry 0 of a new log
//	make rotate                          other keys
//	make withdraw -version V -reason R   takes a release back
//
// build.sh calls it; ./build.sh help names the words. Where the log has no entry
// a release is a trial: it is signed by keys that everybody has, at the time of
// the commit, and shows how all of this works and proves nothing.
package main

import (
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sealbook/site"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// list is an option that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(v string) error { *l = append(*l, v); return nil }

// noCommit stands for a source of which no commit is known.
var noCommit = strings.Repeat("0", 40)

type options struct {
	version, commit, module, from, out, npm, log, live, host, reason, at, old string
	tools, releaseKeys, logKeys, newRelease, newLog                           list
	insecure                                                                  bool
	threshold, days                                                           int
	now                                                                       time.Time
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	words := map[string]func(*options) error{"keys": printKeys, "release": makeRelease, "compare": compare, "begin": begin, "rotate": rotate, "withdraw": withdraw}
	if len(args) == 0 || words[args[0]] == nil {
		return errors.New("a word is missing: keys, release, compare, begin, rotate, withdraw")
	}
	var o options
	f := flag.NewFlagSet(args[0], flag.ContinueOnError)
	f.StringVar(&o.version, "version", "", "the version, such as 1.4.0")
	f.StringVar(&o.commit, "commit", noCommit, "the commit of the source")
	f.StringVar(&o.module, "module", "", "PATH h1:… of the Go checksum database, once the module is public")
	f.StringVar(&o.from, "from", ".build/release", "folder with site, worker and verifier")
	f.StringVar(&o.old, "manifest", "", "the manifest to compare with")
	f.StringVar(&o.npm, "npm", "wasm/js", "folder of the npm package")
	f.StringVar(&o.out, "o", "dist", "folder to write, or for keys the file")
	f.StringVar(&o.log, "log", "site/log", "folder of the log, which is committed")
	f.StringVar(&o.live, "live", "", "where the site is, to see that nobody else appended; \"none\" before the first upload")
	f.StringVar(&o.host, "host", "", "name of the keys, such as sealbook.example")
	f.StringVar(&o.reason, "reason", "", "why a release is taken back, one line")
	f.StringVar(&o.at, "time", "", "time of the entry; now where left out, of the commit for a trial")
	f.IntVar(&o.threshold, "threshold", 1, "how many release keys sign an entry")
	f.IntVar(&o.days, "expires", 365, "days until the release expires, at most 400")
	f.Var(&o.tools, "tool", "NAME=VERSION of what built it; the first is go")
	f.Var(&o.releaseKeys, "release-key", "FILE of a release key that signs: FILE.pub names one of the ssh-agent")
	f.Var(&o.logKeys, "log-key", "FILE of the log's key that signs")
	f.Var(&o.newRelease, "new-release-key", "FILE of each release key from now on, for begin and rotate")
	f.Var(&o.newLog, "new-log-key", "FILE of each key of the log from now on")
	f.BoolVar(&o.insecure, "insecure-key", false, "take keys without passphrase, for throw-away ones")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return errors.New("an argument that is no option")
	}
	o.now = time.Now().UTC().Truncate(time.Second)
	if o.at != "" {
		at, err := time.Parse(time.RFC3339, o.at)
		if err != nil {
			return errors.New("-time is not of the form 2026-11-28T22:00:00Z")
		}
		o.at = at.UTC().Format(time.RFC3339)
	}
	return words[args[0]](&o)
}

// time of the entry.
func (o *options) time() time.Time {
	if o.at == "" {
		return o.now
	}
	at, _ := time.Parse(time.RFC3339, o.at)
	return at
}

func (o *options) keyring() release.Keyring {
	return release.Keyring{Agent: os.Getenv("SSH_AUTH_SOCK"), Insecure: o.insecure, Passphrase: release.AskPassphrase}
}

// open opens keys under a name.
func (o *options) open(files []string, host, kind string) (keys []*release.Key, err error) {
	for _, file := range files {
		k, err := o.keyring().Open(file, host+"/"+kind)
		if err != nil {
			return nil, fmt.Errorf("-%s-key %s: %w", kind, filepath.Base(file), err)
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// verifiers are the verifier keys, sorted.
func verifiers(keys []*release.Key) (list []string) {
	for _, k := range keys {
		list = append(list, k.Verifier())
	}
	slices.Sort(list)
	return list
}

// current is the log and the keys that hold now; those of trials where it is empty.
func (o *options) current() (l *release.Log, keys trust.Keys, trial bool, err error) {
	l, err = release.ReadLog(o.log, o.now)
	if err != nil {
		return nil, trust.Keys{}, false, fmt.Errorf("%s: %w", o.log, err)
	}
	if len(l.Entries) == 0 {
		return l, release.TrialKeys(), true, nil
	}
	r, err := trust.Walk(l.Entries, o.now)
	if err != nil {
		return nil, trust.Keys{}, false, err
	}
	return l, r.Keys, false, nil
}

func printKeys(o *options) error {
	_, keys, _, err := o.current()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(o.out, []byte(keys.Text()), 0o644)
}

// manifest describes what is to be released.
func (o *options) manifest(files release.Files) (*trust.Manifest, error) {
	m := &trust.Manifest{Version: o.version, Commit: o.commit, Module: o.module}
	for _, t := range o.tools {
		name, version, _ := strings.Cut(t, "=")
		m.Tools = append(m.Tools, trust.Tool{Name: name, Version: version})
	}
	fields, err := site.Fields(string(files["site/"+site.HeadersFile]))
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		m.Headers = append(m.Headers, trust.Header{Path: f.Path, Name: f.Name, Value: f.Value})
	}
	for _, name := range files.Names() {
		m.Files = append(m.Files, trust.NewManifestFile(name, files[name]))
	}
	return trust.ParseManifest(m.Text())
}

func makeRelease(o *options) error {
	if !trust.ValidVersion(o.version) {
		return errors.New("the version is not of the form 1.4.0 or 1.4.0-rc.1")
	}
	l, keys, trial, err := o.current()
	if err != nil {
		return err
	}
	files, err := o.parts()
	if err != nil {
		return err
	}
	m, err := o.manifest(files)
	if err != nil {
		return err
	}
	if err := o.sign(l, keys, trial, m); err != nil {
		return err
	}
	return o.writeDist(l, m, files, trial)
}

// parts are all files of a release.
func (o *options) parts() (release.Files, error) {
	files := release.Files{}
	for _, part := range []string{"site", "worker", "verifier"} {
		read, err := release.ReadFolder(os.DirFS(filepath.Join(o.from, part)), part+"/")
		if err != nil {
			return nil, err
		}
		maps.Copy(files, read)
	}
	packed, err := release.Npm(os.DirFS(o.npm), o.version)
	if err == nil {
		files["npm/sealbook-"+o.version+".tgz"], err = packed.Tarball()
	}
	return files, err
}

// compare names the first difference between a manifest and what was built.
func compare(o *options) error {
	text, err := os.ReadFile(o.old)
	if err != nil {
		return err
	}
	old, err := trust.ParseManifest(text)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(o.old), err)
	}
	o.version = old.Version
	if o.commit == noCommit {
		o.commit = old.Commit // a source without git: its bytes are compared
	}
	files, err := o.parts()
	if err != nil {
		return err
	}
	built, err := o.manifest(files)
	if err != nil {
		return err
	}
	if what := release.Difference(old, built); what != "" {
		return errors.New("not the same: " + what)
	}
	fmt.Printf("counts: %d files and %d header fields built again with the same bytes\n", len(old.Files), len(old.Headers))
	return nil
}

// sign appends the release to the log, and signs its checkpoint.
func (o *options) sign(l *release.Log, keys trust.Keys, trial bool, m *trust.Manifest) error {
	var releaseKeys, logKeys []*release.Key
	var err error
	if trial {
		releaseKeys, logKeys = []*release.Key{release.TrialKey("release")}, []*release.Key{release.TrialKey("log")}
		if err := l.Append(keys.Text(), o.now, releaseKeys...); err != nil {
			return err
		}
	} else if releaseKeys, logKeys, err = o.signers(l, keys.Host()); err != nil {
		return err
	}
	made := trust.Release{Version: o.version, Manifest: m.SHA256(), Time: o.time(), Expires: o.time().Add(time.Duration(o.days) * 24 * time.Hour)}
	if err := l.Append(made.Text(), o.now, releaseKeys...); err != nil {
		return err
	}
	l.Manifests[made.Manifest] = m.Text()
	_, err = l.Sign(o.now, logKeys...)
	return err
}

// writeDist writes dist/, and the log's folder unless it is a trial.
func (o *options) writeDist(l *release.Log, m *trust.Manifest, files release.Files, trial bool) error {
	r, err := trust.Walk(l.Entries, o.now)
	if err != nil {
		return err
	}
	logFiles, err := l.Files(r)
	if err != nil {
		return err
	}
	made := r.Version(o.version)
	proof, err := r.Prove(made.Index, l.Checkpoint())
	if err != nil {
		return err
	}
	zipped := release.Files{}
	dist := release.Files{"manifest": m.Text(), "trust.policy": []byte(policyOf(&r.First, trial))}
	add := func(name string, data []byte) {
		dist[name] = data
		if strings.HasPrefix(name, "site/") {
			zipped[name] = data
		}
	}
	for name, data := range files {
		add(name, data)
	}
	for name, data := range logFiles {
		add("site/log/"+name, data)
	}
	add("site/release.tlog-proof", proof.Append(nil))
	zip := "sealbook-" + o.version + ".zip"
	if dist[zip], err = zipped.Zip(); err != nil {
		return err
	}
	if !trial {
		if err := o.writeLog(logFiles); err != nil {
			return err
		}
	}
	if err := dist.Write(o.out); err != nil {
		return err
	}
	sum := m.SHA256()
	fmt.Printf("%s: %d files, %s, manifest %s, entry %d\n", o.out, len(dist), zip, hex.EncodeToString(sum[:]), made.Index)
	if trial {
		fmt.Fprintln(os.Stderr, "note: this is a trial release, signed by keys that everybody has: it shows how checking works, and proves nothing\nnote: ./build.sh log begin makes a log with your own keys")
	}
	return nil
}

// policyOf is what a verifier needs to know of a publisher.
func policyOf(first *trust.Keys, trial bool) string {
	var b strings.Builder
	if trial {
		b.WriteString("# The keys of trial releases, which everybody has: they prove nothing.\n")
	}
	fmt.Fprintf(&b, "threshold %d\n", first.Threshold)
	for _, k := range first.Release {
		b.WriteString("release " + k + "\n")
	}
	for _, k := range first.Log {
		b.WriteString("log " + k + "\n")
	}
	return b.String() + "quorum none\n"
}

// writeLog writes the log's folder anew: older partial tiles go.
func (o *options) writeLog(files release.Files) error {
	next := o.log + ".new"
	if err := os.RemoveAll(next); err != nil {
		return err
	}
	if err := files.Write(next); err != nil {
		return err
	}
	if err := os.RemoveAll(o.log); err != nil {
		return err
	}
	return os.Rename(next, o.log)
}

package check

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"sealbook/verifier/release"
	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// A Receipt is a note that a directory signed, and what its log says to it.
type Receipt struct {
	Where   string `json:"where"`
	Kind    string `json:"kind"` // receipt, withdrawal
	Account string `json:"account"`
	Epoch   uint32 `json:"epoch"`
	Time    string `json:"time"`
	LogSize uint64 `json:"log_size"`
	// Of a receipt: the terms, and with which entry everybody was shown them.
	Terms      string `json:"terms,omitempty"`
	TermsEntry int64  `json:"terms_entry,omitempty"`
	// Of a withdrawal: from which version on the tag is not published, and with
	// which it went; 0 where it never was.
	AbsentFrom uint64 `json:"absent_from_version,omitempty"`
	RemovedIn  uint64 `json:"removed_in_version,omitempty"`
}

// A Paper is a signed note, and where it is from.
type Paper struct{ Where, Text string }

// maxPapers is how many are checked at once: each is held against all others, and
// whoever has one signed note has as many as they like.
const maxPapers = 1000

var errPapers = Fetch.Because("more than 1000 receipts")

// heads of notes.
const (
	receiptHead    = "sealbook receipt v2\n"
	withdrawalHead = "sealbook withdrawal v2\n"
)

// CheckReceipts holds signed notes against the log: that it is the log they name,
// that everybody was shown the epoch and the terms, and that a tag that was
// withdrawn went out of what is published when the directory said. A withdrawal
// does not name the tag; the receipt of the same account does.
func (t *Told) CheckReceipts(r *Report, papers []Paper) []Receipt {
	list := []Receipt{}
	if len(papers) > maxPapers {
		r.fault("receipts", errPapers)
		return list
	}
	tags := map[string]*directory.Bytes{} // by account
	for _, p := range papers {
		if strings.HasPrefix(p.Text, withdrawalHead) {
			continue
		}
		var note directory.Receipt
		if err := noteError(t.Key.Open(p.Text, &note)); err != nil {
			r.fault(p.Where, err)
			continue
		}
		tags[note.Account] = note.Tag
		c := Receipt{Where: p.Where, Kind: "receipt", Account: note.Account, Epoch: note.Epoch, Time: note.Time, LogSize: note.Size, Terms: note.ConsentSHA256}
		if err := errors.Join(t.grown(note.LogTree), t.hadEpoch(note.Epoch), t.hadTerms(&c)); err != nil {
			r.faults(p.Where, err)
		}
		list = append(list, c)
	}
	for _, p := range papers {
		if !strings.HasPrefix(p.Text, withdrawalHead) {
			continue
		}
		var note directory.Withdrawal
		if err := noteError(t.Key.Open(p.Text, &note)); err != nil {
			r.fault(p.Where, err)
			continue
		}
		c := Receipt{Where: p.Where, Kind: "withdrawal", Account: note.Account, Epoch: note.Epoch, Time: note.Time, LogSize: note.Size, AbsentFrom: note.AbsentFromVersion}
		err := errors.Join(t.grown(note.LogTree), t.hadEpoch(note.Epoch))
		tag, known := tags[note.Account]
		switch {
		case err != nil:
		case known && tag == nil:
			r.Remark(p.Where + ": the account was not to be found, so no tag of it was published")
		case !known:
			err = &fetchError{Fetch, "tag", "without the receipt of the registration nobody knows which tag had to go"}
		default:
			c.RemovedIn, err = t.absent(r, p.Where, &note, [directory.TagSize]byte(*tag))
		}
		if err != nil {
			r.faults(p.Where, err)
		}
		list = append(list, c)
	}
	return list
}

// faults notes each of some joined errors.
func (r *Report) faults(where string, err error) {
	all, ok := err.(interface{ Unwrap() []error })
	if !ok {
		r.fault(where, err)
		return
	}
	for _, one := range all.Unwrap() {
		r.faults(where, one)
	}
}

// grown says whether the log is one that a note names.
func (t *Told) grown(tree directory.LogTree) error {
	if tree.Size > trust.MaxStates {
		return trust.Rollback.Because("the log has fewer entries than the receipt names")
	}
	return t.States.Grown(tree.Tree())
}

func (t *Told) hadEpoch(epoch uint32) error {
	if !slices.ContainsFunc(t.States.List, func(s trust.State) bool { return s.Epoch == epoch }) {
		return trust.Inclusion.Because(fmt.Sprintf("nobody else was shown epoch %d", epoch))
	}
	return nil
}

// hadTerms finds the entry with which everybody was shown the terms of a receipt,
// when it was signed or before.
func (t *Told) hadTerms(c *Receipt) error {
	for _, term := range t.Terms() {
		if term.Value == c.Terms && term.First < max(int64(c.LogSize), 1) {
			c.TermsEntry = term.First
			return nil
		}
	}
	return trust.Inclusion.Because("nobody else was shown these terms")
}

// absent says in which version the tag of a withdrawal was removed, 0 where it was
// not published at all. The last version that may still list it is the one before
// that which the directory promised; whatever reads the changes since then, which
// are kept for 8 days, sees whether it did.
func (t *Told) absent(r *Report, where string, w *directory.Withdrawal, tag [directory.TagSize]byte) (removed uint64, err error) {
	promised, size := w.AbsentFromVersion, uint64(t.States.Tree.N)
	switch {
	case promised < 1 || promised > w.Size+2:
		return 0, trust.Rules.Because("the tag was to be absent from a version that is not one of the next")
	case promised > size:
		return 0, &fetchError{Fetch, "pending", fmt.Sprintf("version %d, from which on the tag is to be absent, is not published yet", promised)}
	}
	newest := t.States.Newest()
	if t.States.List[promised-1].Epoch > w.Epoch {
		r.Remark(fmt.Sprintf("%s: the epoch of the tag ended before version %d; none of its tags is published", where, promised))
		return 0, nil
	}
	// In these versions it may have gone: one may have been reading already.
	first := max(promised-1, 1)
	come, changed := 0, 0
	later := 0 // how many more have the tag since then
	hour := int64(-1)
	for v := first; v <= size; v++ {
		s := &t.States.List[v-1]
		h := s.Time.Unix() / 3600
		if s.Epoch != w.Epoch || h == hour {
			continue // another epoch lists none of its tags
		}
		hour = h
		all, err := t.hour(h, w.Epoch)
		if err != nil {
			return 0, err
		}
		for _, c := range all {
			if c.Version < first {
				continue
			}
			gone, added, other := count(c.Removed, tag), countEntries(c.Added, tag), countEntries(c.Changed, tag)
			if c.Version <= promised {
				if c.Version == promised { // before, it may have been the person's own doing
					come, changed = come+added, changed+other
				}
				if gone > 0 && removed == 0 {
					removed = c.Version
				}
				continue
			}
			if later += added - gone; removed == 0 && changed == 0 && (come+later < 0 || other > come+later) {
				return 0, Present.Because(fmt.Sprintf("the tag was still published in version %d, and was to be absent from %d on", c.Version-1, promised))
			}
		}
	}
	if later > 0 {
		r.Remark(where + ": the tag came again later: somebody registered the same number, or one with the same tag")
	}
	if removed > 0 || changed > 0 { // or the same number came back at once
		return removed, nil
	}
	if newest.Epoch != w.Epoch {
		return 0, &fetchError{Fetch, "epoch", "the tag did not go while its epoch lasted, and whether it was published before is not to be seen any more"}
	}
	// It did not go: then it may not be there, or it never was.
	keep := release.Files{}
	if err := t.state(keep); err != nil {
		return 0, err
	}
	tags, err := directory.ParseTags(keep[fmt.Sprintf("v2/states/%d/tags", newest.Version)])
	if err != nil {
		return 0, trust.File.Because("the tags of the newest state")
	}
	if from, to := tags.Find(tag); to-from > come+later {
		return 0, Present.Because(fmt.Sprintf("the tag is still published, and was to be absent from version %d on", promised))
	}
	r.Remark(where + ": the tag was never published: the person left before the next state")
	return 0, nil
}

// hour reads the changes of an hour, held against the chain of the log.
func (t *Told) hour(hour int64, epoch uint32) ([]directory.Changes, error) {
	newest := t.States.Newest()
	path := fmt.Sprintf("changes/%d", hour)
	if hour == newest.Time.Unix()/3600 {
		path += fmt.Sprintf("/%d", newest.Version)
	}
	b, err := t.get(path)
	if err != nil && t.Offline {
		b, err = t.get(path + "/index") // as a mirror has it, where a path that is a folder has no text
	}
	if err != nil {
		if e, ok := errors.AsType[*fetchError](err); ok && e.code == trust.LogFile {
			return nil, &fetchError{Fetch, "changes", "the directory does not give the changes of then any more, which it keeps for 8 days; a bundle that was saved before has them"}
		}
		return nil, err
	}
	versions, raw, err := directory.ParseHour(b)
	if err != nil {
		return nil, trust.File.Because(fmt.Sprintf("the changes of hour %d", hour))
	}
	var want, got []uint64
	for _, s := range t.States.List {
		if s.Time.Unix()/3600 == hour && s.Epoch == epoch {
			want = append(want, s.Version)
		}
	}
	for i, v := range versions {
		if err := t.States.Chained(v.Version, sha256.Sum256(raw[i])); err != nil {
			return nil, err
		}
		if v.Epoch == epoch {
			got = append(got, v.Version)
		}
	}
	if len(got) == 0 && len(versions) > 0 && versions[0].Epoch > epoch {
		return nil, &fetchError{Fetch, "epoch", "the hour's changes are of the epoch that came in it"}
	}
	if !slices.Equal(want, got) {
		return nil, trust.File.Because(fmt.Sprintf("the changes of hour %d leave versions out", hour))
	}
	return versions, nil
}

func count(list [][directory.TagSize]byte, tag [directory.TagSize]byte) (n int) {
	for _, t := range list {
		if t == tag {
			n++
		}
	}
	return n
}

func countEntries(list []directory.Entry, tag [directory.TagSize]byte) (n int) {
	for _, e := range list {
		if e.Tag() == tag {
			n++
		}
	}
	return n
}

// A Recorder is a source that remembers what it was answered, to keep it.
type Recorder struct {
	Source
	mutex sync.Mutex
	files release.Files
	size  int // of all files
}

// offline says whether a source is files that somebody kept.
func offline(s Source) bool {
	if r, ok := s.(*Recorder); ok {
		s = r.Source
	}
	_, kept := s.(*folder)
	return kept
}

// Record remembers the answers of a source.
func Record(source Source) *Recorder { return &Recorder{Source: source, files: release.Files{}} }

// Get asks the source. All answers are together no more than a bundle may have: a log
// of a hostile directory has as many hours as it likes.
func (s *Recorder) Get(ctx context.Context, path string, v Visitor) (Answer, error) {
	a, err := s.Source.Get(ctx, path, v)
	if err == nil && a.Status == 200 {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if strings.Contains(path, "changes/") {
			path += "/index"
		}
		if s.size += len(a.Body) - len(s.files[path]); s.size > maxSite {
			return Answer{}, &fetchError{Fetch, "endless", "answers of more than 256 MB in all"}
		}
		s.files[path] = a.Body
	}
	return a, err
}

// Bundle is a zip of what was answered and of some papers, which [ReadTold] and
// [Papers] read again without asking anybody.
func (s *Recorder) Bundle(papers []Paper) ([]byte, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	files := maps.Clone(s.files)
	for i, p := range papers {
		files[fmt.Sprintf("receipts/%03d", i)] = []byte(p.Text)
	}
	return files.Zip()
}

// Papers are those of a bundle.
func Papers(s Source) (papers []Paper) {
	files := Files(s)
	for _, name := range files.Names() {
		if strings.HasPrefix(name, "receipts/") {
			papers = append(papers, Paper{name, string(files[name])})
		}
	}
	return papers
}

package trust_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

type octets []byte

func (o *octets) UnmarshalText(text []byte) (err error) {
	*o, err = hex.AppendDecode([]byte{}, text)
	return err
}

type tree struct {
	Size int64
	Root tlog.Hash
}

func (t tree) tree() tlog.Tree { return tlog.Tree{N: t.Size, Hash: t.Root} }

type judged struct {
	Name, Kind, Input string
	Code              trust.Code
	Now               time.Time
	Of                int
}

type vectors struct {
	Keys map[string]struct {
		Seed octets
		Vkey string
	}
	Merkle struct {
		LeafHashOfEmpty tlog.Hash `json:"leaf_hash_of_empty"`
		Roots           []tree
		Inclusion       []struct {
			Index, Size int64
			Proof       []tlog.Hash
		}
		Consistency []struct {
			Old, New int64
			Proof    []tlog.Hash
		}
	}
	Release struct {
		Bundle         []byte `json:"bundle_base64"`
		BundlePath     string `json:"bundle_path"`
		Checkpoint     string
		Cosigned       string `json:"checkpoint_cosigned_by_two"`
		Entries        []string
		Root           tlog.Hash
		Proof          string `json:"tlog_proof"`
		Manifest       string
		ManifestSHA256 octets `json:"manifest_sha256"`
	}
	Directory struct {
		Changes []struct {
			Bytes   int
			Chain   tlog.Hash
			SHA256  octets
			Version uint64
		}
		Files []struct {
			Name        string
			BlockHashes []tlog.Hash `json:"block_hashes"`
			Epoch       uint32
			Files       tlog.Hash
			People      int
			RecordsSHA  octets    `json:"records_file_sha256"`
			RecordsHead octets    `json:"records_head_hex"`
			RecordsRoot tlog.Hash `json:"records_root"`
			TagsBytes   int       `json:"tags_file_bytes"`
			TagsHex     octets    `json:"tags_file_hex"`
			TagsSHA256  octets    `json:"tags_file_sha256"`
			Version     uint64
		}
		States   []string
		Tree1    tree   `json:"tree_1"`
		Tree2    tree   `json:"tree_2"`
		Tree3    tree   `json:"tree_3"`
		From0    string `json:"update_from_0"`
		From1    string `json:"update_from_1"`
		From2    string `json:"update_from_2"`
		From2To3 string `json:"update_from_2_to_3"`
		Present  octets `json:"present_tag"`
		Absent   octets `json:"absent_tag"`
	}
	Fork              string `json:"fork_checkpoint"`
	Accepted, Refused []judged
}

func readVectors(t testing.TB) *vectors {
	t.Helper()
	b, err := os.ReadFile("../../tests/vectors/trust.json")
	if err != nil {
		t.Fatal(err)
	}
	v := new(vectors)
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
	for _, count := range []struct {
		name      string
		got, want int
	}{
		{"keys", len(v.Keys), 6}, {"roots", len(v.Merkle.Roots), 15}, {"inclusions", len(v.Merkle.Inclusion), 14}, {"consistencies", len(v.Merkle.Consistency), 13},
		{"entries", len(v.Release.Entries), 3}, {"changes", len(v.Directory.Changes), 8}, {"files", len(v.Directory.Files), 7}, {"states", len(v.Directory.States), 3},
		{"accepted", len(v.Accepted), 9}, {"refused", len(v.Refused), 98},
	} {
		if count.got != count.want {
			t.Fatalf("%d %s, not %d", count.got, count.name, count.want)
		}
	}
	return v
}

// verifier reads a key of the vectors; witnesses' are of another type.
func (v *vectors) verifier(t testing.TB, name string) note.Verifier {
	t.Helper()
	key := v.Keys[name].Vkey
	if strings.HasPrefix(name, "witness") {
		w, err := cosign.NewVerifierForCosignatureV1(key)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	origin, _, _ := strings.Cut(key, "+")
	k, err := trust.NewVerifier(key, origin)
	if err != nil {
		t.Fatal(name, err)
	}
	return k
}

func (v *vectors) signer(t testing.TB, name string) note.Signer {
	t.Helper()
	parts := strings.SplitN(v.Keys[name].Vkey, "+", 3)
	seed := append([]byte{1}, v.Keys[name].Seed...)
	s, err := note.NewSigner("PRIVATE+KEY+" + parts[0] + "+" + parts[1] + "+" + base64.StdEncoding.EncodeToString(seed))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// store is a log's hashes in memory.
type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) (list []tlog.Hash, err error) {
	for _, i := range indexes {
		list = append(list, s[i])
	}
	return list, nil
}

func (s *store) add(t testing.TB, n int64, leaf []byte) {
	t.Helper()
	hashes, err := tlog.StoredHashes(n, leaf, s)
	if err != nil {
		t.Fatal(err)
	}
	*s = append(*s, hashes...)
}

func TestMerkle(t *testing.T) {
	v := readVectors(t)
	var s store
	var leaves []tlog.Hash
	rootOf := func(n int64) tlog.Hash {
		for i := int64(len(leaves)); i < n; i++ {
			leaf := []byte("leaf " + strconv.FormatInt(i, 10))
			s.add(t, i, leaf)
			leaves = append(leaves, tlog.RecordHash(leaf))
		}
		root, err := tlog.TreeHash(n, s)
		if err != nil || trust.BlocksRoot(leaves[:n]) != root {
			t.Errorf("size %d: %v %v", n, root, err)
		}
		return root
	}
	for _, r := range v.Merkle.Roots {
		if rootOf(r.Size) != r.Root {
			t.Errorf("size %d: another root", r.Size)
		}
	}
	if tlog.RecordHash(nil) != v.Merkle.LeafHashOfEmpty {
		t.Error("the hash of an empty leaf")
	}
	for _, c := range v.Merkle.Inclusion {
		rootOf(c.Size)
		got, err := tlog.ProveRecord(c.Size, c.Index, s)
		if err != nil || !slices.Equal(got, c.Proof) {
			t.Errorf("inclusion of %d in %d: %v %v", c.Index, c.Size, got, err)
		}
	}
	for _, c := range v.Merkle.Consistency {
		proof := tlog.TreeProof(c.Proof)
		newer, older := tlog.Tree{N: c.New, Hash: rootOf(c.New)}, tlog.Tree{N: c.Old, Hash: rootOf(c.Old)}
		if err := trust.Follow(newer, older, proof); err != nil {
			t.Errorf("%d to %d: %v", c.Old, c.New, err)
		}
		if got, err := tlog.ProveTree(c.New, c.Old, s); err != nil || !slices.Equal(got, c.Proof) {
			t.Errorf("%d to %d: %v %v", c.Old, c.New, got, err)
		}
		if err := trust.Follow(newer, older, append(slices.Clone(proof), rootOf(1))); !errors.Is(err, trust.Consistency) {
			t.Errorf("%d to %d with a hash too many: %v", c.Old, c.New, err)
		}
	}
	if err := trust.Follow(tlog.Tree{N: 3, Hash: rootOf(3)}, tlog.Tree{}, nil); err != nil {
		t.Error(err)
	}
	if err := trust.Follow(tlog.Tree{N: 3, Hash: rootOf(3)}, tlog.Tree{}, tlog.TreeProof{rootOf(1)}); !errors.Is(err, trust.Consistency) {
		t.Error(err)
	}
}

// The release log of the vectors has what both logs share: entries, bundles,
// checkpoints, proofs.
func TestReleaseLog(t *testing.T) {
	v := readVectors(t)
	r := v.Release
	var s store
	var bundle []byte
	for i, e := range r.Entries {
		s.add(t, int64(i), []byte(e))
		bundle = trust.AppendEntry(bundle, []byte(e))
	}
	root, err := tlog.TreeHash(3, s)
	if err != nil || root != r.Root {
		t.Errorf("root %v %v", root, err)
	}
	if sum := sha256.Sum256([]byte(r.Manifest)); !bytes.Equal(sum[:], r.ManifestSHA256) {
		t.Error("the manifest is not that of its hash")
	}
	entries, err := trust.ParseBundle(r.Bundle)
	if err != nil || len(entries) != 3 || !bytes.Equal(bundle, r.Bundle) || string(entries[2]) != r.Entries[2] {
		t.Errorf("bundle of %d: %v", len(entries), err)
	}
	tile, err := trust.ParseTile(r.BundlePath)
	if first, count := tile.Range(); err != nil || !tile.Entries || first != 0 || count != 3 || tile.String() != r.BundlePath {
		t.Errorf("tile %+v %v", tile, err)
	}
	checkpoint, err := trust.SignCheckpoint(tlog.Tree{N: 3, Hash: root}, v.signer(t, "log"))
	if err != nil || checkpoint != r.Checkpoint {
		t.Errorf("%v\n%s", err, checkpoint)
	}
	two := trust.Witnesses{Keys: []note.Verifier{v.verifier(t, "witness_one"), v.verifier(t, "witness_two")}, Quorum: 2}
	for text, w := range map[string]trust.Witnesses{r.Checkpoint: {}, r.Cosigned: two} {
		if got, err := trust.OpenCheckpoint(text, v.verifier(t, "log"), w); err != nil || got != (tlog.Tree{N: 3, Hash: r.Root}) {
			t.Errorf("%v %v", got, err)
		}
	}
	if got, err := trust.OpenCheckpoint(v.Fork, v.verifier(t, "log"), trust.Witnesses{}); err != nil || got.Hash == r.Root {
		t.Errorf("the fork is %v %v", got, err)
	}
	hashes, err := tlog.ProveRecord(3, 2, s)
	p := trust.Proof{Index: 2, Hashes: hashes, Entry: []byte(r.Entries[2]), Checkpoint: r.Cosigned}
	if err != nil || string(p.Append(nil)) != r.Proof {
		t.Errorf("%v\n%s", err, p.Append(nil))
	}
	got, err := trust.ParseProof([]byte(r.Proof))
	if err != nil {
		t.Fatal(err)
	}
	if at, err := got.Open(v.verifier(t, "log"), two); err != nil || at.N != 3 {
		t.Error(err)
	}
}

func TestStateLog(t *testing.T) {
	v := readVectors(t)
	d := v.Directory
	log := v.verifier(t, "directory_log")
	var s store
	var states []trust.State
	trees := []tlog.Tree{{}, d.Tree1.tree(), d.Tree2.tree(), d.Tree3.tree()}
	for i, leaf := range d.States {
		state, err := trust.ParseState([]byte(leaf))
		if err != nil || string(state.Leaf()) != leaf {
			t.Fatalf("state %d: %v", i, err)
		}
		if i > 0 {
			if err := state.Follows(&states[i-1]); err != nil {
				t.Error(err)
			}
		}
		states = append(states, state)
		s.add(t, int64(i), []byte(leaf))
		root, err := tlog.TreeHash(int64(i+1), s)
		if err != nil || root != trees[i+1].Hash || trees[i+1].N != int64(i+1) {
			t.Errorf("tree %d: %v", i+1, err)
		}
	}
	for _, c := range []struct {
		from, to int64
		text     string
	}{{0, 2, d.From0}, {1, 2, d.From1}, {2, 2, d.From2}, {2, 3, d.From2To3}} {
		checkpoint, err := trust.SignCheckpoint(trees[c.to], v.signer(t, "directory_log"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := trust.NewUpdate(c.from, trees[c.to], []byte(d.States[c.to-1]), checkpoint, s)
		if err != nil || text != c.text {
			t.Errorf("from %d to %d: %v\n%s", c.from, c.to, err, text)
		}
		u, err := trust.OpenUpdate(c.text, trees[c.from], log)
		if err != nil || u.Tree != trees[c.to] || u.State != states[c.to-1] || u.Checkpoint != checkpoint {
			t.Errorf("from %d to %d: %v", c.from, c.to, err)
		}
	}
	// From beyond the end there is an answer, which the client refuses.
	checkpoint, _ := trust.SignCheckpoint(trees[2], v.signer(t, "directory_log"))
	text, err := trust.NewUpdate(3, trees[2], []byte(d.States[1]), checkpoint, s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.OpenUpdate(text, trees[3], log); !errors.Is(err, trust.Rollback) {
		t.Error(err)
	}
}

// ruleTag is tag i of the vectors, ruleRecord record i.
func ruleTag(i int) uint64 {
	sum := sha256.Sum256([]byte("sealbook tags " + strconv.Itoa(i)))
	return directory.TagNumber([directory.TagSize]byte(sum[:]))
}

func ruleRecord(i int) []byte {
	sum := sha256.Sum256([]byte("sealbook record " + strconv.Itoa(i)))
	return slices.Concat(sum[:], sum[:])
}

// people are persons of the vectors with their records, in the order of tags.
func people(version uint64, count int) (tags []uint64, records []byte) {
	who := make([]int, count)
	for i := range who {
		who[i] = i
	}
	switch version {
	case 8:
		who[count-1] = 301
	case 9:
		who = []int{301}
	}
	slices.SortFunc(who, func(a, b int) int { return int(int64(ruleTag(a)) - int64(ruleTag(b))) })
	for _, i := range who {
		tags, records = append(tags, ruleTag(i)), append(records, ruleRecord(i)...)
	}
	return tags, records
}

func TestFiles(t *testing.T) {
	v := readVectors(t)
	for _, f := range v.Directory.Files {
		list, records := people(f.Version, f.People)
		tags := directory.NewTags(directory.Place{Epoch: f.Epoch}, f.Version, list)
		file := tags.Append(nil)
		sum := sha256.Sum256(file)
		head := tags.Header.AppendRecords(nil)
		recordsSum := sha256.Sum256(append(slices.Clone(head), records...))
		if !bytes.Equal(sum[:], f.TagsSHA256) || len(file) != f.TagsBytes || !bytes.Equal(head, f.RecordsHead) || !bytes.Equal(recordsSum[:], f.RecordsSHA) ||
			f.TagsHex != nil && !bytes.Equal(file, f.TagsHex) {
			t.Errorf("%s: the files are others", f.Name)
		}
		if trust.RecordsRoot(records) != f.RecordsRoot || trust.BlocksRoot(f.BlockHashes) != f.RecordsRoot || trust.Files(sum, f.RecordsRoot) != f.Files {
			t.Errorf("%s: another commitment", f.Name)
		}
		for i, h := range f.BlockHashes {
			if err := trust.CheckBlock(records[i*trust.Block*trust.RecordSize:min((i+1)*trust.Block*trust.RecordSize, len(records))], h); err != nil {
				t.Errorf("%s: block %d: %v", f.Name, i, err)
			}
		}
		s := trust.State{Files: f.Files}
		if err := s.CheckBlocks(sum, f.BlockHashes); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	var chain tlog.Hash
	for _, c := range v.Directory.Changes {
		if chain = trust.Chain(chain, c.Version, [32]byte(c.SHA256)); chain != c.Chain {
			t.Errorf("version %d: chain %v", c.Version, chain)
		}
	}
	f := v.Directory.Files[1]
	tags, err := directory.ParseTags(f.TagsHex)
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]int{string(v.Directory.Present): 1, string(v.Directory.Absent): 0} {
		if from, to := tags.Find([directory.TagSize]byte([]byte(tag))); to-from != want {
			t.Errorf("%x is there %d times", tag, to-from)
		}
	}
}

// judge does what a kind of the vectors says.
func (v *vectors) judge(t *testing.T, j judged) error {
	d := v.Directory
	log, stateLog := v.verifier(t, "log"), v.verifier(t, "directory_log")
	two := trust.Witnesses{Keys: []note.Verifier{v.verifier(t, "witness_one"), v.verifier(t, "witness_two")}, Quorum: 2}
	switch j.Kind {
	case "checkpoint", "checkpoint_two_witnesses", "checkpoint_after_3":
		w := two
		if j.Kind != "checkpoint_two_witnesses" {
			w.Quorum = 0
		}
		if j.Kind == "checkpoint_after_3" {
			w = trust.Witnesses{}
		}
		tree, err := trust.OpenCheckpoint(j.Input, log, w)
		if err == nil && j.Kind == "checkpoint_after_3" {
			err = trust.Follow(tree, tlog.Tree{N: 3, Hash: v.Release.Root}, nil)
		}
		return err
	case "proof":
		p, err := trust.ParseProof([]byte(j.Input))
		if err == nil {
			_, err = p.Open(log, trust.Witnesses{})
		}
		return err
	case "state", "state_after_2", "state_now":
		s, err := trust.ParseState([]byte(j.Input))
		if err == nil && j.Kind == "state_after_2" {
			last, _ := trust.ParseState([]byte(d.States[1]))
			err = s.Follows(&last)
		}
		if err == nil && j.Kind == "state_now" {
			err = s.Fresh(j.Now)
		}
		return err
	case "update_from_1", "update_from_2":
		known := d.Tree1.tree()
		if j.Kind == "update_from_2" {
			known = d.Tree2.tree()
		}
		_, err := trust.OpenUpdate(j.Input, known, stateLog)
		return err
	case "tags":
		f := d.Files[j.Of]
		b, err := hex.DecodeString(j.Input)
		if err != nil {
			t.Fatal(err)
		}
		tags, err := directory.ParseTags(b)
		if err != nil || tags.Place != (directory.Place{Epoch: f.Epoch}) || tags.Version != f.Version {
			return trust.Format
		}
		s := trust.State{Files: f.Files}
		return s.CheckFiles(sha256.Sum256(b), f.RecordsRoot)
	case "block":
		b, err := hex.DecodeString(j.Input)
		if err != nil {
			t.Fatal(err)
		}
		return trust.CheckBlock(b, d.Files[j.Of].BlockHashes[0])
	}
	t.Fatalf("kind %q", j.Kind)
	return nil
}

func TestJudged(t *testing.T) {
	v := readVectors(t)
	for _, j := range v.Accepted {
		if err := v.judge(t, j); err != nil {
			t.Errorf("%s: %v", j.Name, err)
		}
	}
	for _, j := range v.Refused {
		if err := v.judge(t, j); !errors.Is(err, j.Code) || j.Code == "" {
			t.Errorf("%s: %v, not %s", j.Name, err, string(j.Code))
		}
	}
}

package directory

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"

	"sealbook/wasm/oprf"
)

// octets are bytes in hexadecimal.
type octets []byte

func (o *octets) UnmarshalText(text []byte) (err error) {
	*o, err = hex.AppendDecode([]byte{}, text)
	return err
}

type vectorPlace struct {
	Epoch      uint32 `json:"epoch"`
	BucketBits uint8  `json:"bucket_bits"`
	Bucket     uint32 `json:"bucket"`
}

func (p vectorPlace) place() Place { return Place(p) }

type vectors struct {
	Keys struct {
		Seed           octets
		Name, Verifier string
		Number         struct {
			Number string
			MAC    octets
		}
		Code struct {
			Registration octets
			Code         string
			MAC          octets
		}
		Address struct {
			Address string
			MAC     octets
		}
		Epochs []struct {
			Epoch           uint32
			Private, Public octets
		}
	}
	Derivations []struct {
		Number    string
		Epoch     uint32
		Y         octets
		Tag       octets
		Account   octets
		RecordKey octets `json:"record_key"`
		Buckets   map[uint8]uint32
	}
	Records []struct {
		Key, Nonce, Handle octets
		Flags              uint32
		Sealed             octets
	}
	Unopened []struct {
		Why         string
		Key, Sealed octets
	}
	Files struct {
		Tags []struct {
			vectorPlace
			Version uint64
			Tags    []octets
			File    octets
		}
		Records []struct {
			vectorPlace
			Version uint64
			Records []octets
			File    octets
		}
		Deltas []struct {
			vectorPlace
			From, To       uint64
			Added, Removed []octets
			File           octets
		}
	}
	Refused []struct {
		Why, Kind string
		File      octets
	}
	Applied []struct {
		Why         string
		Tags, Delta octets
		Result      octets // null: they don't go together
	}
	Batches []struct {
		Count int
		Plan  [][2]int
	}
	Decoys struct {
		Seed   octets
		Blocks []struct {
			vectorPlace
			Blocks         int
			Wanted, Decoys []int
		}
		Buckets []struct {
			vectorPlace
			Buckets, Matched, Decoys []uint32
		}
	}
	Budgets []struct {
		Why               string
		Size              int64
		PerDay            int64 `json:"per_day"`
		Level, At, Now, N int64
		Available, Wait   int64
		After             *int64
	}
	Notes []struct {
		Kind    string
		Content json.RawMessage
		Note    string
	}
	RefusedNotes []struct {
		Why, Kind, Error, Note string
	} `json:"refused_notes"`
	RefusedKeys []struct {
		Why, Key string
	} `json:"refused_keys"`
	Problems           map[Code]int
	Transcript         string
	RefusedTranscripts []struct {
		Why  string
		Line int
		Text string
	} `json:"refused_transcripts"`
}

func readVectors(t testing.TB) *vectors {
	t.Helper()
	b, err := os.ReadFile("../../tests/vectors/directory.json")
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
		{"epochs", len(v.Keys.Epochs), 4}, {"derivations", len(v.Derivations), 20}, {"records", len(v.Records), 4},
		{"unopened", len(v.Unopened), 6}, {"tags", len(v.Files.Tags), 3}, {"record files", len(v.Files.Records), 2},
		{"deltas", len(v.Files.Deltas), 2}, {"refused", len(v.Refused), 24}, {"applied", len(v.Applied), 12},
		{"batches", len(v.Batches), 9}, {"decoy blocks", len(v.Decoys.Blocks), 8}, {"decoy buckets", len(v.Decoys.Buckets), 6},
		{"budgets", len(v.Budgets), 12}, {"notes", len(v.Notes), 4}, {"refused notes", len(v.RefusedNotes), 20},
		{"refused keys", len(v.RefusedKeys), 6}, {"problems", len(v.Problems), 27}, {"refused transcripts", len(v.RefusedTranscripts), 12},
	} {
		if count.got != count.want {
			t.Fatalf("%d %s, not %d", count.got, count.name, count.want)
		}
	}
	return v
}

func keysOf(t testing.TB, v *vectors) *Keys {
	t.Helper()
	k, err := NewKeys([SeedSize]byte(v.Keys.Seed), v.Keys.Name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeys(t *testing.T) {
	v := readVectors(t)
	k := keysOf(t, v)
	if k.Verifier() != v.Keys.Verifier || k.Name() != v.Keys.Name {
		t.Errorf("verifier key %s", k.Verifier())
	}
	if got := k.Number(v.Keys.Number.Number); !bytes.Equal(got[:], v.Keys.Number.MAC) {
		t.Errorf("number: %x", got)
	}
	if got := k.Code([16]byte(v.Keys.Code.Registration), v.Keys.Code.Code); !bytes.Equal(got[:], v.Keys.Code.MAC) {
		t.Errorf("code: %x", got)
	}
	if got := k.Address(v.Keys.Address.Address); !bytes.Equal(got[:], v.Keys.Address.MAC) {
		t.Errorf("address: %x", got)
	}
	for _, e := range v.Keys.Epochs {
		private, err := k.Epoch(e.Epoch)
		if err != nil || !bytes.Equal(private[:], e.Private) {
			t.Errorf("epoch %d: private key %v", e.Epoch, err)
		}
		var public [oprf.ElementSize]byte
		if code := oprf.PublicKey(&public, &private); code != oprf.OK || !bytes.Equal(public[:], e.Public) {
			t.Errorf("epoch %d: public key %v", e.Epoch, code)
		}
	}
}

func TestNames(t *testing.T) {
	for name, ok := range map[string]bool{
		"localhost": true, "directory.example:8443": true, "x": true,
		"": false, "a+b": false, "a b": false, "a\n": false, "é": false, string(bytes.Repeat([]byte{'a'}, 254)): false,
	} {
		if _, err := NewKeys([SeedSize]byte{1}, name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestDerivations(t *testing.T) {
	v := readVectors(t)
	k := keysOf(t, v)
	for _, d := range v.Derivations {
		private, err := k.Epoch(d.Epoch)
		if err != nil {
			t.Fatal(err)
		}
		var server oprf.Server
		var y [oprf.OutputSize]byte
		if code := server.Init(oprf.VOPRF, &private, new(oprf.Room)); code != oprf.OK {
			t.Fatal(code)
		}
		if code := server.Output(&y, []byte(d.Number)); code != oprf.OK || !bytes.Equal(y[:], d.Y) {
			t.Errorf("epoch %d: y is %x, %v", d.Epoch, y, code)
		}
		tag, account, key := Tag(&y, d.Epoch), AccountID(&y, d.Epoch), RecordKey(&y, d.Epoch)
		if !bytes.Equal(tag[:], d.Tag) || !bytes.Equal(account[:], d.Account) || !bytes.Equal(key[:], d.RecordKey) {
			t.Errorf("epoch %d: tag %x, account %x, record key %x", d.Epoch, tag, account, key)
		}
		if len(d.Buckets) != 8 {
			t.Errorf("%d buckets", len(d.Buckets))
		}
		for bits, bucket := range d.Buckets {
			if got := Bucket(d.Number, bits); got != bucket {
				t.Errorf("%d bits: bucket %d, not %d", bits, got, bucket)
			}
		}
	}
}

func TestRecords(t *testing.T) {
	v := readVectors(t)
	for i, r := range v.Records {
		key := [RecordKeySize]byte(r.Key)
		record := Record{[HandleSize]byte(r.Handle), r.Flags}
		nonce := [NonceSize]byte(r.Nonce)
		sealed := record.Seal(&key, &nonce)
		if !bytes.Equal(sealed[:], r.Sealed) {
			t.Errorf("record %d: %x", i, sealed)
		}
		if got, ok := OpenRecord(&key, &sealed); !ok || got != record {
			t.Errorf("record %d does not open", i)
		}
	}
	for _, u := range v.Unopened {
		key, sealed := [RecordKeySize]byte(u.Key), [RecordSize]byte(u.Sealed)
		if got, ok := OpenRecord(&key, &sealed); ok || got != (Record{}) {
			t.Errorf("%s: opens", u.Why)
		}
	}
}

func pack(tags []octets) []byte {
	return slices.Concat(func() (parts [][]byte) {
		for _, tag := range tags {
			parts = append(parts, tag)
		}
		return parts
	}()...)
}

func TestFiles(t *testing.T) {
	v := readVectors(t)
	for i, f := range v.Files.Tags {
		want := Tags{Header{f.place(), f.Version, uint32(len(f.Tags))}, pack(f.Tags)}
		if got := want.Append(nil); !bytes.Equal(got, f.File) {
			t.Errorf("tags %d: %x", i, got)
		}
		got, err := ParseTags(f.File)
		if err != nil || got.Header != want.Header || !bytes.Equal(got.Packed, want.Packed) {
			t.Errorf("tags %d: %+v %v", i, got, err)
		}
	}
	for i, f := range v.Files.Records {
		want := Header{f.place(), f.Version, uint32(len(f.Records))}
		if got := append(want.AppendRecords(nil), pack(f.Records)...); !bytes.Equal(got, f.File) {
			t.Errorf("records %d: %x", i, got)
		}
		if got, err := ParseRecordsHeader(f.File); err != nil || got != want {
			t.Errorf("records %d: %+v %v", i, got, err)
		}
	}
	for i, f := range v.Files.Deltas {
		want := Delta{f.place(), f.From, f.To, pack(f.Added), pack(f.Removed)}
		if got := want.Append(nil); !bytes.Equal(got, f.File) {
			t.Errorf("delta %d: %x", i, got)
		}
		if got, err := ParseDelta(f.File); err != nil || !bytes.Equal(got.Append(nil), f.File) {
			t.Errorf("delta %d: %+v %v", i, got, err)
		}
	}
	for _, r := range v.Refused {
		var err error
		switch r.Kind {
		case "tags":
			_, err = ParseTags(r.File)
		case "records":
			_, err = ParseRecordsHeader(r.File)
		case "delta":
			_, err = ParseDelta(r.File)
		default:
			t.Fatalf("kind %q", r.Kind)
		}
		if !errors.Is(err, ErrMalformed) {
			t.Errorf("%s, %s: %v", r.Kind, r.Why, err)
		}
	}
}

func TestApply(t *testing.T) {
	for _, a := range readVectors(t).Applied {
		tags, err := ParseTags(a.Tags)
		if err != nil {
			t.Fatal(err)
		}
		delta, err := ParseDelta(a.Delta)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tags.Apply(delta)
		switch {
		case a.Result == nil:
			if !errors.Is(err, ErrHistory) {
				t.Errorf("%s: %v", a.Why, err)
			}
		case err != nil || !bytes.Equal(got.Append(nil), a.Result):
			t.Errorf("%s: %x %v", a.Why, got.Append(nil), err)
		}
		if !bytes.Equal(tags.Append(nil), a.Tags) {
			t.Errorf("%s: changed the tags it was applied to", a.Why)
		}
	}
}

func TestFind(t *testing.T) {
	v := readVectors(t)
	tags, err := ParseTags(v.Files.Tags[1].File)
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[[TagSize]byte][2]int{
		{0, 0, 0, 0, 1}:                {0, 1},
		{0, 0, 0, 0, 0xff}:             {1, 3},
		{0xff, 0xff, 0xff, 0xff, 0xff}: {3, 4},
		{}:                             {0, 0},
		{0x80}:                         {3, 3},
	} {
		if from, to := tags.Find(tag); from != want[0] || to != want[1] {
			t.Errorf("%x is at %d to %d", tag, from, to)
		}
	}
}

func TestBatches(t *testing.T) {
	for _, b := range readVectors(t).Batches {
		var plan [][2]int
		for _, batch := range Batches(b.Count, BatchSizes()) {
			plan = append(plan, [2]int{batch.Numbers, batch.Size})
		}
		if !slices.Equal(plan, b.Plan) {
			t.Errorf("%d: %v", b.Count, plan)
		}
	}
}

func TestDecoys(t *testing.T) {
	d := readVectors(t).Decoys
	seed := [DecoySeedSize]byte(d.Seed)
	for _, c := range d.Blocks {
		if got := DecoyBlocks(&seed, c.place(), c.Blocks, c.Wanted); !slices.Equal(got, c.Decoys) {
			t.Errorf("%d blocks, wanted %v: %v, not %v", c.Blocks, c.Wanted, got, c.Decoys)
		}
	}
	for _, c := range d.Buckets {
		if got := DecoyBuckets(&seed, c.Epoch, c.BucketBits, c.Buckets, c.Matched); !slices.Equal(got, c.Decoys) {
			t.Errorf("buckets %v, matched %v: %v, not %v", c.Buckets, c.Matched, got, c.Decoys)
		}
	}
}

func TestBudget(t *testing.T) {
	for _, c := range readVectors(t).Budgets {
		b := Budget{c.Size, c.PerDay}
		after, ok := b.Charge(c.Level, c.At, c.Now, c.N)
		if b.Available(c.Level, c.At, c.Now) != c.Available || b.Wait(c.Level, c.At, c.Now, c.N) != c.Wait ||
			ok != (c.After != nil) || ok && after != *c.After || !ok && after != c.Level {
			t.Errorf("%s: available %d, wait %d, after %d %v", c.Why, b.Available(c.Level, c.At, c.Now), b.Wait(c.Level, c.At, c.Now, c.N), after, ok)
		}
		// After the wait it is there, and a second before it is not.
		if c.N <= c.Size && c.Now >= c.At {
			if b.Available(c.Level, c.At, c.Now+c.Wait) < c.N || c.Wait > 0 && b.Available(c.Level, c.At, c.Now+c.Wait-1) >= c.N {
				t.Errorf("%s: a wait of %d s is not right", c.Why, c.Wait)
			}
		}
	}
}

func TestProblems(t *testing.T) {
	v := readVectors(t)
	if len(statuses) != len(v.Problems) {
		t.Errorf("%d codes", len(statuses))
	}
	for code, status := range v.Problems {
		p := NewProblem(code, "")
		if code.Status() != status || p.Status != status || p.Title == "" || !errors.Is(p, code) {
			t.Errorf("%s: %+v", code, p)
		}
	}
	if Code("unheard_of").Status() != 0 {
		t.Error("an unknown code has a status")
	}
}

func TestConsent(t *testing.T) {
	if got := TextSHA256(Consent); got != ConsentSHA256 {
		t.Errorf("the text was changed without its hash, which is %s", got)
	}
}

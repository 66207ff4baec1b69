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
		Seed                octets
		Name, Verifier, Log string
		Number              struct {
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
			Epoch                   uint32
			Random, Private, Public octets
		}
	}
	Derivations []struct {
		Number    string
		Epoch     uint32
		Y         octets
		Tag       octets
		Account   octets
		RecordKey octets `json:"record_key"`
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
	Files []struct {
		vectorPlace
		Version uint64
		Records []octets
		File    octets
	}
	Refused []struct {
		Why  string
		File octets
	}
	Batches []struct {
		Count int
		Plan  [][2]int
	}
	Budgets []struct {
		Why               string
		Size              int64
		PerDay            int64 `json:"per_day"`
		Level, At, Now, N int64
		Available, Wait   int64
		After             *int64
	}
	ParametersSHA256 octets `json:"parameters_sha256"`
	Notes            []struct {
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
		{"unopened", len(v.Unopened), 6}, {"files", len(v.Files), 2}, {"refused", len(v.Refused), 10},
		{"batches", len(v.Batches), 11}, {"budgets", len(v.Budgets), 12}, {"notes", len(v.Notes), 4}, {"refused notes", len(v.RefusedNotes), 51},
		{"refused keys", len(v.RefusedKeys), 6}, {"problems", len(v.Problems), 40}, {"refused transcripts", len(v.RefusedTranscripts), 12},
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
	if k.Verifier() != v.Keys.Verifier || k.LogVerifier() != v.Keys.Log || k.Name() != v.Keys.Name {
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
		private, err := EpochKey((*[SeedSize]byte)(e.Random), e.Epoch)
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
	keys := map[uint32][oprf.ElementSize]byte{}
	for _, e := range v.Keys.Epochs {
		keys[e.Epoch] = [oprf.ElementSize]byte(e.Private)
	}
	for _, d := range v.Derivations {
		private := keys[d.Epoch]
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

func TestRecordFiles(t *testing.T) {
	v := readVectors(t)
	for i, f := range v.Files {
		want := Header{f.place(), f.Version, uint32(len(f.Records))}
		file := want.AppendRecords(nil)
		for _, r := range f.Records {
			file = append(file, r...)
		}
		if !bytes.Equal(file, f.File) {
			t.Errorf("records %d: %x", i, file)
		}
		if got, err := ParseRecordsHeader(f.File); err != nil || got != want {
			t.Errorf("records %d: %+v %v", i, got, err)
		}
	}
	for _, r := range v.Refused {
		if _, err := ParseRecordsHeader(r.File); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", r.Why, err)
		}
	}
}

func TestBatches(t *testing.T) {
	for _, b := range readVectors(t).Batches {
		var plan [][2]int
		for _, batch := range Batches(b.Count) {
			plan = append(plan, [2]int{batch.Numbers, batch.Size})
		}
		if !slices.Equal(plan, b.Plan) {
			t.Errorf("%d: %v", b.Count, plan)
		}
	}
}

// What a budget covers of a plan is in sizes that there are, never more than is
// left, and all of the plan where that is enough.
func TestAffordable(t *testing.T) {
	for _, count := range []int{0, 1, 8, 9, 64, 65, 300, 1024, 1030, 3000} {
		whole := 0
		for _, b := range Batches(count) {
			whole += b.Size
		}
		if !slices.Equal(Affordable(count, int64(whole)), Batches(count)) {
			t.Errorf("%d: not the whole plan", count)
		}
		for available := int64(0); available <= 4200; available += 7 {
			size, numbers := 0, 0
			for _, b := range Affordable(count, available) {
				size, numbers = size+b.Size, numbers+b.Numbers
				if !slices.Contains(BatchSizes(), b.Size) || b.Numbers > b.Size || b.Numbers == 0 && count > 0 {
					t.Fatalf("%d of %d: %v", available, count, b)
				}
			}
			if int64(size) > available || numbers > count || numbers < count && available-int64(size) >= 8 {
				t.Errorf("%d of %d: %d elements, %d numbers", available, count, size, numbers)
			}
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

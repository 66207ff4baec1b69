package suite

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"testing"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// about reads and checks what the server says about itself.
func (s *Server) about(t testing.TB) directory.Parameters {
	t.Helper()
	var body directory.DirectoryAnswer
	a := s.get(t, "/v2/directory")
	a.wantStatus(t, 200)
	a.read(t, &body)
	if body.Key != s.Key {
		t.Fatal("the server has another key")
	}
	var p directory.Parameters
	s.open(t, body.Note, &p)
	return p
}

// open checks a note.
func (s *Server) open(t testing.TB, note string, v directory.Statement) {
	t.Helper()
	verifier, err := directory.NewVerifier(s.Key)
	if err == nil {
		err = verifier.Open(note, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (s *Server) begin(t testing.TB, number string) directory.BeginAnswer {
	t.Helper()
	a := s.post(t, "/v2/registrations", map[string]any{"number": number})
	a.wantStatus(t, 202)
	var b directory.BeginAnswer
	a.read(t, &b)
	raw, err := hex.DecodeString(b.Registration)
	if _, errTime := directory.ParseTime(b.Expires); err != nil || errTime != nil || len(raw) != 16 {
		t.Fatalf("registration %v %v", err, errTime)
	}
	return b
}

func (s *Server) confirmation(t testing.TB, number, code string, scopes ...directory.Scope) (directory.ConfirmRequest, *batch) {
	p := s.about(t)
	b := blind(t, p, number)
	return directory.ConfirmRequest{Number: number, Code: code, Blinded: b.blinded,
		Consent: directory.ConsentRequest{TextSHA256: p.Consent.SHA256, Scopes: scopes}}, b
}

// person is somebody who is registered.
type person struct {
	number     string
	credential string
	receipt    directory.Receipt
	y          [oprf.OutputSize]byte
}

func (p *person) tag() [5]byte { return directory.Tag(&p.y, p.receipt.Epoch) }

func (s *Server) register(t testing.TB, scopes ...directory.Scope) *person {
	t.Helper()
	return s.registerNumber(t, s.numbers.next(), scopes...)
}

func (s *Server) registerNumber(t testing.TB, number string, scopes ...directory.Scope) *person {
	t.Helper()
	b := s.begin(t, number)
	body, blinded := s.confirmation(t, number, s.Code(t, b.Registration), scopes...)
	a := s.post(t, "/v2/registrations/"+b.Registration, body)
	a.wantStatus(t, 201)
	return s.accept(t, a, blinded, number)
}

// accept checks all that a confirmed registration answers.
func (s *Server) accept(t testing.TB, a answer, b *batch, number string) *person {
	t.Helper()
	var c directory.ConfirmAnswer
	a.read(t, &c)
	if len(c.Credential) != 32 {
		t.Fatalf("a credential of %d bytes", len(c.Credential))
	}
	p := &person{number: number, credential: c.Credential.String()}
	p.y = [oprf.OutputSize]byte(b.finalize(t, c.Evaluated, c.Proof))
	s.open(t, c.Receipt, &p.receipt)
	r := p.receipt
	id, tag := directory.AccountID(&p.y, c.Epoch), p.tag()
	listed := slices.Contains(r.Scopes, directory.Discoverable)
	if r.Epoch != c.Epoch || r.Account != hex.EncodeToString(id[:]) || listed != (r.Tag != nil) || listed && string(*r.Tag) != string(tag[:]) {
		t.Errorf("the receipt %+v is not about %x", r, id)
	}
	s.inLog(t, r.LogTree)
	return p
}

// batch is a batch of blinded elements.
type batch struct {
	parameters directory.Parameters
	client     oprf.Client
	inputs     oprf.Inputs
	blinds     []byte
	blinded    []byte
}

func blind(t testing.TB, p directory.Parameters, inputs ...string) *batch {
	t.Helper()
	b := &batch{parameters: p}
	if code := b.client.Init(oprf.VOPRF, (*[32]byte)(p.PublicKey), new(oprf.Room)); code != oprf.OK {
		t.Fatal(code)
	}
	for _, input := range inputs {
		b.inputs.Text = append(b.inputs.Text, input...)
		b.inputs.End = append(b.inputs.End, uint32(len(b.inputs.Text)))
	}
	random := make([]byte, oprf.RandomSize*len(inputs))
	rand.Read(random)
	b.blinds, b.blinded = make([]byte, 32*len(inputs)), make([]byte, 32*len(inputs))
	if _, code := b.client.Blind(b.inputs, random, b.blinds, b.blinded); code != oprf.OK {
		t.Fatal(code)
	}
	return b
}

// finalize checks the proof and answers the outputs, 64 bytes each.
func (b *batch) finalize(t testing.TB, evaluated, proof []byte) []byte {
	t.Helper()
	if len(proof) != oprf.ProofSize {
		t.Fatalf("a proof of %d bytes", len(proof))
	}
	outputs := make([]byte, oprf.OutputSize*len(b.inputs.End))
	if at, code := b.client.Finalize(b.inputs, b.blinds, b.blinded, evaluated, (*[64]byte)(proof), outputs); code != oprf.OK {
		t.Fatalf("finalize: %v at %d", code, at)
	}
	return outputs
}

// evaluate sends blinded elements.
func (s *Server) evaluate(t testing.TB, bearer string, blinded []byte) answer {
	t.Helper()
	return s.do(t, request{method: "POST", path: "/v2/evaluations", contentType: "application/octet-stream", bearer: bearer, body: blinded})
}

func (s *Server) me(t testing.TB, bearer string) directory.Held {
	t.Helper()
	a := s.do(t, request{method: "GET", path: "/v2/me", bearer: bearer})
	a.wantStatus(t, 200)
	var m directory.Held
	a.read(t, &m)
	return m
}

// putRecord seals and puts a record.
func (s *Server) putRecord(t testing.TB, p *person, r directory.Record) {
	t.Helper()
	key := directory.RecordKey(&p.y, p.receipt.Epoch)
	var nonce [directory.NonceSize]byte
	rand.Read(nonce[:])
	sealed := r.Seal(&key, &nonce)
	a := s.do(t, request{method: "PUT", path: "/v2/me/record", contentType: "application/octet-stream", bearer: p.credential, body: sealed[:]})
	a.wantStatus(t, 204)
}

// in looks a person up in a state as a friend would, and returns the record that
// opens.
func (p *person) in(st *state) (directory.Record, bool) {
	from, to := st.tags.Find(p.tag())
	key := directory.RecordKey(&p.y, p.receipt.Epoch)
	for i := from; i < to; i++ {
		sealed := [directory.RecordSize]byte(st.records[i*directory.RecordSize:])
		if r, ok := directory.OpenRecord(&key, &sealed); ok {
			return r, true
		}
	}
	return directory.Record{}, false
}

// times is how often the person's tag is in a state.
func (p *person) times(st *state) int {
	from, to := st.tags.Find(p.tag())
	return to - from
}

// withdraw withdraws and answers the receipt.
func (s *Server) withdraw(t testing.TB, p *person) directory.Withdrawal {
	t.Helper()
	a := s.do(t, request{method: "DELETE", path: "/v2/me", bearer: p.credential})
	a.wantStatus(t, 200)
	return s.acceptWithdrawal(t, a)
}

func (s *Server) acceptWithdrawal(t testing.TB, a answer) directory.Withdrawal {
	t.Helper()
	var body directory.WithdrawAnswer
	a.read(t, &body)
	var w directory.Withdrawal
	s.open(t, body.Receipt, &w)
	s.inLog(t, w.LogTree)
	return w
}

// Credential registers somebody and answers the credential.
func (s *Server) Credential(t testing.TB) string {
	if s.numbers == nil {
		s.numbers = new(numbers)
	}
	return s.register(t, both...).credential
}

package suite

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"

	"sealbook/wasm/directory"
)

const octets = "application/octet-stream"

// evaluations: what is answered is evaluated and proved under the epoch's key,
// and charged exactly.
func evaluations(t *testing.T, s *Server) {
	p, friend := s.register(t, both...), s.register(t, both...)
	about := s.about(t)
	used := int64(0)
	for _, size := range []int{8, 64, 256, 1024} {
		inputs := make([]string, size)
		for i := range inputs {
			inputs[i] = fmt.Sprintf("padding %d", i)
		}
		inputs[size/2] = friend.number
		b := blind(t, about, inputs...)
		a := s.evaluate(t, p.credential, b.blinded)
		a.wantStatus(t, 200)
		if len(a.body) != 32*size+64 || a.header.Get("Content-Type") != octets || a.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d bytes, %v", len(a.body), a.header)
		}
		outputs := b.finalize(t, a.body[:32*size], a.body[32*size:])
		if !bytes.Equal(outputs[64*(size/2):][:64], friend.y[:]) {
			t.Error("a friend's number comes out as another")
		}
		used += int64(size)
		if a.header.Get("Sealbook-Epoch") != "1" || a.header.Get("Sealbook-Budget") != fmt.Sprint(5120-used) {
			t.Errorf("epoch %q, budget %q", a.header.Get("Sealbook-Epoch"), a.header.Get("Sealbook-Budget"))
		}
	}
	if got := s.me(t, p.credential).Budget; got.Used != used || got.Available != 5120-used {
		t.Errorf("budget %+v after %d", got, used)
	}
	if got := s.me(t, friend.credential).Budget; got.Used != 0 {
		t.Errorf("the friend was charged %d", got.Used)
	}
}

// binaryBodies: their sizes and types; what is refused costs nothing.
func binaryBodies(t *testing.T, s *Server) {
	p := s.register(t, both...)
	b := blind(t, s.about(t), padded("one", "two")...)
	for _, body := range [][]byte{{}, b.blinded[:31], b.blinded[:32], b.blinded[:7*32], b.blinded[:8*32-1], append(b.blinded[:8*32:8*32], 0), make([]byte, 9*32), make([]byte, 1023*32)} {
		s.evaluate(t, p.credential, body).want(t, directory.BatchSize)
	}
	for _, size := range []int{1025 * 32, 1<<20 + 5} {
		for _, chunked := range []bool{false, true} {
			s.do(t, request{method: "POST", path: "/v2/evaluations", contentType: octets, bearer: p.credential, body: make([]byte, size), chunked: chunked}).
				want(t, directory.BodyTooLarge)
		}
	}
	for _, size := range []int{0, 1, 63} {
		s.do(t, request{method: "PUT", path: "/v2/me/record", contentType: octets, bearer: p.credential, body: make([]byte, size)}).want(t, directory.RecordLength)
	}
	s.do(t, request{method: "PUT", path: "/v2/me/record", contentType: octets, bearer: p.credential, body: make([]byte, 65)}).want(t, directory.BodyTooLarge)
	for _, mediaType := range []string{"", "application/json", "text/plain", "application/octet"} {
		s.do(t, request{method: "POST", path: "/v2/evaluations", contentType: mediaType, bearer: p.credential, body: b.blinded}).want(t, directory.ContentType)
		s.do(t, request{method: "PUT", path: "/v2/me/record", contentType: mediaType, bearer: p.credential, body: make([]byte, 64)}).want(t, directory.ContentType)
	}
	if used := s.me(t, p.credential).Budget.Used; used != 0 {
		t.Errorf("refused batches cost %d", used)
	}
	s.do(t, request{method: "POST", path: "/v2/evaluations", contentType: octets, bearer: p.credential, body: b.blinded, chunked: true}).wantStatus(t, 200)
}

// elements: one that is none spoils its batch, is named, and costs as much as
// any: it may be the last, with all others multiplied before.
func elements(t *testing.T, s *Server) {
	p := s.register(t, both...)
	b := blind(t, s.about(t), padded("one", "two", "three", "four")...)
	identity := make([]byte, 32)
	// p-1 is the field's -1: negative. 2^255-19 is 0 written otherwise.
	negative := append([]byte{0xec}, append(bytes.Repeat([]byte{0xff}, 30), 0x7f)...)
	notCanonical := append([]byte{0xed}, append(bytes.Repeat([]byte{0xff}, 30), 0x7f)...)
	highBit := append(bytes.Clone(b.blinded[:31]), b.blinded[31]|0x80)
	for i, bad := range [][]byte{identity, negative, notCanonical, highBit, bytes.Repeat([]byte{0xff}, 32), []byte(strings.Repeat("0", 32))} {
		blinded := bytes.Clone(b.blinded)
		copy(blinded[32*(i%4):], bad)
		a := s.evaluate(t, p.credential, blinded)
		a.want(t, directory.ElementInvalid)
		if a.problem.Index == nil || *a.problem.Index != i%4 {
			t.Errorf("element %d: index %v", i%4, a.problem.Index)
		}
	}
	if used := s.me(t, p.credential).Budget.Used; used != 6*8 {
		t.Errorf("6 refused batches of 8 cost %d", used)
	}
	// The last of the largest.
	large := make([]string, 1024)
	for i := range large {
		large[i] = fmt.Sprint(i)
	}
	b = blind(t, s.about(t), large...)
	copy(b.blinded[32*1023:], identity)
	for range 4 {
		s.evaluate(t, p.credential, b.blinded).want(t, directory.ElementInvalid)
	}
	s.evaluate(t, p.credential, b.blinded).want(t, directory.BudgetExceeded)
}

// budgetAtOnce: 64 clients want twice what is there; they get exactly that.
func budgetAtOnce(t *testing.T, s *Server) {
	p := s.register(t, both...)
	inputs := make([]string, 64)
	for i := range inputs {
		inputs[i] = fmt.Sprint(i)
	}
	b := blind(t, s.about(t), inputs...)
	count := map[directory.Code]int{}
	for range 2 {
		for code, n := range s.atOnce(t, 64, func(int) answer { return s.evaluate(t, p.credential, b.blinded) }) {
			count[code] += n
		}
	}
	if count[""] != 5120/64 || count[directory.BudgetExceeded] != 128-5120/64 {
		t.Errorf("%d batches of 64 from a budget of 5120: %v", count[""], count)
	}
	a := s.evaluate(t, p.credential, b.blinded[:8*32])
	if a.status != 200 { // unless some came back meanwhile
		a.want(t, directory.BudgetExceeded)
		a.wantRetry(t, 1, 8*432)
		if a.problem.Available == nil || *a.problem.Available != 0 {
			t.Errorf("available %v", a.problem.Available)
		}
	}
	if got := s.me(t, p.credential).Budget; got.Available > 1 {
		t.Errorf("budget %+v", got)
	}
}

// cutBodies: a connection that ends within a request changes nothing, and the
// server goes on.
func cutBodies(t *testing.T, s *Server) {
	p := s.register(t, both...)
	b := blind(t, s.about(t), padded("one", "two")...)
	number := s.numbers.next()
	host := strings.TrimPrefix(s.URL, "http://")
	for _, c := range []struct{ head, body string }{
		{"POST /v2/evaluations HTTP/1.1\r\nAuthorization: Bearer " + p.credential + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 256\r\n", string(b.blinded[:240])},
		{"POST /v2/evaluations HTTP/1.1\r\nAuthorization: Bearer " + p.credential + "\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n", "100\r\n" + string(b.blinded[:256]) + "\r\n20\r\nabc"},
		{"PUT /v2/me/record HTTP/1.1\r\nAuthorization: Bearer " + p.credential + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 64\r\n", strings.Repeat("x", 63)},
		{"POST /v2/registrations HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 40\r\n", `{"number":"` + number + `"}`},
		{"DELETE /v2/me HTTP/1.1\r\nAuthorization: Bearer " + p.credential + "\r\n", ""},
	} {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		head := c.head + "Host: " + host + "\r\n"
		if c.body != "" {
			head += "\r\n" // else the head itself is cut
		}
		if _, err := conn.Write([]byte(head + c.body)); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if m := s.me(t, p.credential); m.Budget.Used != 0 || bytes.Equal(m.Record, bytes.Repeat([]byte("x"), 64)) {
		t.Errorf("held: %+v", m)
	}
	for range 3 { // none was sent
		s.begin(t, number)
	}
}

// padded are inputs and others behind them, so that they make the smallest batch.
func padded(inputs ...string) []string {
	for i := len(inputs); i < directory.BatchSizes()[0]; i++ {
		inputs = append(inputs, fmt.Sprintf("padding %d", i))
	}
	return inputs
}

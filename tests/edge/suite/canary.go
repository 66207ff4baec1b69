package suite

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sealbook/tests/canary"
	"sealbook/wasm/directory"
)

// Left is what a server was given that it must not keep.
type Left struct {
	// Everywhere are numbers, contacts, blinded elements and credentials: to be
	// found nowhere.
	Everywhere *canary.Search
	// Stored are the codes: the development sender shows them, but they are not
	// to be found in what is stored.
	Stored *canary.Search
	// Erased is what is stored about people until Withdraw is called.
	Erased   *canary.Search
	Withdraw func()
}

var registered = []string{"+442079460011", "+442079460012", "+61491570006", "+12025550177", "+13105550188", "+61491570156"}

var contacts = []string{"+442079460011", "+442079460021", "+442079460022", "+442079460923", "+12025550177", "+12025550178",
	"+16175550121", "+61491570157", "+61491570158", "+61491570159", "+14155550122", "+17025550123"}

// Canaries lives a whole life with numbers that are searched for afterwards:
// people register and search, mistype and are refused, and leave things half done.
// Some withdraw when they are told to.
func (s *Server) Canaries(t testing.TB) Left {
	left := Left{Everywhere: new(canary.Search), Stored: new(canary.Search), Erased: new(canary.Search)}
	number := func(what, text string) {
		if err := left.Everywhere.E164(what, text); err != nil {
			t.Fatal(err)
		}
	}
	for i, text := range registered {
		number(fmt.Sprintf("registered %d", i), text)
	}
	for i, text := range contacts {
		number(fmt.Sprintf("contact %d", i), text)
	}
	people := make([]*person, len(registered)-1)
	about := s.about(t)
	for i := range people {
		begun := s.begin(t, registered[i])
		code := s.Code(t, begun.Registration)
		left.Stored.Text(fmt.Sprintf("code %d", i), code)
		body, blinded := s.confirmation(t, registered[i], code, both...)
		wrong := body
		wrong.Code = other(code, 1)
		s.post(t, "/v2/registrations/"+begun.Registration, wrong)
		wrong.Consent.TextSHA256 = ""
		s.post(t, "/v2/registrations/"+begun.Registration, wrong)
		a := s.post(t, "/v2/registrations/"+begun.Registration, body)
		a.wantStatus(t, 201)
		people[i] = s.accept(t, a, blinded, registered[i])
		left.Everywhere.Secret(fmt.Sprintf("own element %d", i), blinded.blinded)
		left.Everywhere.Bytes(fmt.Sprintf("blind %d", i), blinded.blinds)
		left.Everywhere.Bytes(fmt.Sprintf("output %d", i), people[i].y[:])
		var credential directory.Bytes
		if err := credential.UnmarshalText([]byte(people[i].credential)); err != nil {
			t.Fatal(err)
		}
		left.Everywhere.Bytes(fmt.Sprintf("credential %d", i), credential)
		s.putRecord(t, people[i], directory.Record{Flags: uint32(i)})
	}
	for i, p := range people[:2] {
		b := blind(t, about, filled(contacts, 64)...)
		for j := range contacts {
			left.Everywhere.Secret(fmt.Sprintf("element %d of %d", j, i), b.blinded[32*j:][:32])
		}
		a := s.evaluate(t, p.credential, b.blinded)
		a.wantStatus(t, 200)
		left.Everywhere.Secret(fmt.Sprintf("evaluated for %d", i), a.body[:32])
		s.published(t, people[1-i], 1)
		// And with an element that is none.
		spoilt := append(b.blinded[:32*7:32*7], make([]byte, 32)...)
		s.evaluate(t, p.credential, spoilt).want(t, directory.ElementInvalid)
	}
	s.mistakes(t, people[0])
	for range 5 { // more codes than there are, and none is used
		s.post(t, "/v2/registrations", map[string]any{"number": registered[len(registered)-1]})
	}
	for i, p := range people[3:] {
		m := s.me(t, p.credential)
		left.Erased.Bytes(fmt.Sprintf("record %d", i), m.Record)
		left.Erased.Bytes(fmt.Sprintf("account %d", i), unhex(t, m.Account))
		left.Erased.Bytes(fmt.Sprintf("credential's hash %d", i), unhex(t, m.CredentialSHA256))
	}
	left.Withdraw = func() {
		for _, p := range people[3:] {
			s.withdraw(t, p)
		}
	}
	return left
}

// mistakes puts numbers wherever a client could by mistake.
func (s *Server) mistakes(t testing.TB, p *person) {
	n := contacts[1]
	for _, path := range []string{
		"/v2/registrations/" + n, "/v2/states/" + n + "/tags", "/v2/states/" + n[1:] + "/tags", "/v2/" + n, "/v2/changes/" + n[1:],
		"/v2/log/update?from=" + n[1:], "/v2/log/tile/" + n, "/v2/directory?number=" + n, "/v2/me?number=" + n,
	} {
		for _, method := range []string{"GET", "POST", "PATCH"} {
			s.do(t, request{method: method, path: path, contentType: "application/json", body: []byte(`{"number":"` + n + `"}`), bearer: p.credential,
				header: map[string]string{"User-Agent": n, "Referer": "https://example.com/?" + n, "Cookie": "n=" + n, "X-Forwarded-For": n, "X-Number": n}})
		}
	}
	for _, body := range []string{
		`{"number":"` + n, `{"number":["` + n + `"]}`, `{"Number":"` + n + `"}`, `{"number":"` + n[1:] + `"}`, `{"number":"` + n + `00"}`,
		`["` + strings.Repeat(n+`","`, 1000) + `"]`,
	} {
		for _, mediaType := range []string{"application/json", "text/plain", "application/octet-stream"} {
			for _, path := range []string{"/v2/registrations", "/v2/registrations/" + strings.Repeat("0", 32), "/v2/evaluations"} {
				s.do(t, request{method: "POST", path: path, contentType: mediaType, bearer: p.credential, body: []byte(body)})
			}
		}
	}
	// A request that is none at all.
	if res, err := http.Post(s.URL+"/v2/evaluations?"+n, n, strings.NewReader(n)); err == nil {
		res.Body.Close()
	}
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b := make([]byte, len(text)/2)
	if _, err := fmt.Sscanf(text, "%x", &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// filled are inputs and others, so many in all.
func filled(inputs []string, n int) []string {
	inputs = inputs[:len(inputs):len(inputs)]
	for i := len(inputs); i < n; i++ {
		inputs = append(inputs, fmt.Sprintf("padding %d", i))
	}
	return inputs
}

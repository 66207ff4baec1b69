package suite

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sealbook/wasm/directory"
)

// methods: what is not there, what it does not take, and what browsers ask
// before they ask.
func methods(t *testing.T, s *Server) {
	none := strings.Repeat("0", 32)
	version := s.update(t).Version
	allowed := map[string]string{
		"/v2/directory":                                  "GET, HEAD, OPTIONS",
		"/v2/log/checkpoint":                             "GET, HEAD, OPTIONS",
		"/v2/log/update":                                 "GET, HEAD, OPTIONS",
		"/v2/log/cosigned":                               "GET, HEAD, OPTIONS",
		"/v2/log/tile/0/000.p/1":                         "GET, HEAD, OPTIONS",
		fmt.Sprintf("/v2/states/%d/tags", version):       "GET, HEAD, OPTIONS",
		fmt.Sprintf("/v2/states/%d/records", version):    "GET, HEAD, OPTIONS",
		fmt.Sprintf("/v2/states/%d/root", version):       "GET, HEAD, OPTIONS",
		fmt.Sprintf("/v2/states/%d/hashes", version):     "GET, HEAD, OPTIONS",
		"/v2/changes/1":                                  "GET, HEAD, OPTIONS",
		"/v2/changes/1/records":                          "GET, HEAD, OPTIONS",
		fmt.Sprintf("/v2/changes/1/%d", version):         "GET, HEAD, OPTIONS",
		fmt.Sprintf("/v2/changes/1/%d/records", version): "GET, HEAD, OPTIONS",
		"/v2/registrations":                              "POST, OPTIONS",
		"/v2/registrations/" + none:                      "POST, OPTIONS",
		"/v2/evaluations":                                "POST, OPTIONS",
		"/v2/me":                                         "GET, HEAD, DELETE, OPTIONS",
		"/v2/me/record":                                  "PUT, OPTIONS",
		"/v2/me/renewal":                                 "DELETE, OPTIONS",
		"/v2/me/epoch":                                   "POST, OPTIONS",
	}
	for path, allow := range allowed {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"} {
			a := s.do(t, request{method: method, path: path})
			if strings.Contains(allow+",", method+",") {
				if a.status == 405 {
					t.Errorf("%s %s is not taken", method, path)
				}
				continue
			}
			if a.status != 405 || a.header.Get("Allow") != allow {
				t.Errorf("%s %s: %d, Allow %q", method, path, a.status, a.header.Get("Allow"))
			}
			if method != "HEAD" {
				a.want(t, directory.MethodNotAllowed)
			}
		}
		origin := s.URL
		if isPublic(path) {
			origin = "https://elsewhere.example"
		}
		a := s.do(t, request{method: "OPTIONS", path: path, header: map[string]string{
			"Origin": origin, "Access-Control-Request-Method": "POST"}})
		if a.status != 204 || len(a.body) != 0 || a.header.Get("Access-Control-Allow-Methods") != allow ||
			a.header.Get("Access-Control-Allow-Headers") != "authorization, content-type, range" {
			t.Errorf("OPTIONS %s: %d %v", path, a.status, a.header)
		}
	}
	exposed := s.get(t, "/v2/directory").header.Get("Access-Control-Expose-Headers")
	for _, name := range []string{"content-range", "retry-after", "sealbook-epoch", "sealbook-budget"} {
		if !strings.Contains(exposed, name) {
			t.Errorf("%s is not exposed in %q", name, exposed)
		}
	}
	for _, path := range []string{
		"/v2/", "/v2/directory/", "/v2/nothing", "/v2//directory", "/v2/me/", "/v2/registrations/", "/v2/registrations/0/1",
		"/v2/states/1", "/v2/states//tags", "/v2/states/1/tags/", "/v2/states/1/other", "/v2/Directory", "/v2/log", "/v2/log/",
		"/v2/changes", "/v2/changes/", "/v2/changes/1/2/3", "/v2/changes/1/2/records/", "/v2/buckets/0/tags",
	} {
		s.get(t, path).want(t, directory.NotFound)
		s.do(t, request{method: "OPTIONS", path: path}).want(t, directory.NotFound)
	}
	s.get(t, "/v2/log/cosigned").want(t, directory.NotFound)
}

// origins: a page of elsewhere reads what is public and does nothing else, least
// of all make its visitors ask for codes.
func origins(t *testing.T, s *Server) {
	number := s.numbers.next()
	p := s.register(t, both...)
	body := []byte(`{"number":"` + number + `"}`)
	private := []request{
		{method: "POST", path: "/v2/registrations", contentType: "application/json", body: body},
		{method: "POST", path: "/v2/registrations", contentType: "text/plain", body: body},
		{method: "POST", path: "/v2/registrations/" + strings.Repeat("0", 32), contentType: "application/json", body: body},
		{method: "OPTIONS", path: "/v2/registrations"},
		{method: "GET", path: "/v2/me", bearer: p.credential},
		{method: "DELETE", path: "/v2/me", bearer: p.credential},
		{method: "PUT", path: "/v2/me/record", contentType: octets, body: make([]byte, 64), bearer: p.credential},
		{method: "POST", path: "/v2/evaluations", contentType: octets, body: make([]byte, 256), bearer: p.credential},
	}
	foreign := []map[string]string{
		{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Origin": s.URL + ".elsewhere.example"},
		{"Origin": strings.Replace(s.URL, "http://", "http://user@", 1)}, {"Origin": s.URL + "/"}, {"Origin": "ftp" + strings.TrimPrefix(s.URL, "http")},
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
	}
	for _, r := range private {
		for _, header := range foreign {
			r.header = header
			a := s.do(t, r)
			a.want(t, directory.OriginRefused)
			if got := a.header.Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("%s %s: a page of elsewhere may read the answer", r.method, r.path)
			}
		}
	}
	// None of them sent a code or cost anything; the page of the same address can.
	for range 3 {
		a := s.do(t, request{method: "POST", path: "/v2/registrations", contentType: "application/json", body: body, header: map[string]string{"Origin": s.URL}})
		a.wantStatus(t, 202)
		if got := a.header.Get("Access-Control-Allow-Origin"); got != s.URL || a.header.Get("Vary") != "Origin" {
			t.Errorf("the own page gets %q, Vary %q", got, a.header.Get("Vary"))
		}
	}
	if m := s.me(t, p.credential); m.Budget.Used != 0 {
		t.Errorf("held: %+v", m)
	}
	for _, path := range []string{"/v2/directory", "/v2/log/checkpoint", fmt.Sprintf("/v2/states/%d/tags", s.update(t).Version)} {
		for _, header := range foreign {
			s.do(t, request{method: "GET", path: path, header: header}).wantStatus(t, 200)
		}
	}
}

// numbersRefused: a number has one form, and must be one.
func numbersRefused(t *testing.T, s *Server) {
	good := s.numbers.next()
	for _, number := range []string{
		"", "+", "1", good[1:], "00" + good[1:], " " + good, good + " ", good[:4] + " " + good[4:], good + ";ext=1",
		good + "0", good[:len(good)-1], "+999123456789", "+12", "tel:" + good, "＋" + good[1:], good + "\u200b",
		strings.Repeat("1", 300), "+" + strings.Repeat("4", 3000),
	} {
		s.post(t, "/v2/registrations", map[string]any{"number": number}).want(t, directory.NumberInvalid)
	}
	b := s.begin(t, good)
	body, _ := s.confirmation(t, good, s.Code(t, b.Registration), both...)
	body.Number = good[1:]
	s.post(t, "/v2/registrations/"+b.Registration, body).want(t, directory.NumberInvalid)
	body.Number = good
	s.post(t, "/v2/registrations/"+b.Registration, body).wantStatus(t, 201)
}

// kinds: codes go to mobile and fixed numbers, or such as may be either; not to
// those that cost the sender, or that earn their owner.
func kinds(t *testing.T, s *Server) {
	for what, number := range map[string]string{
		"premium rate": "+19002530000", "toll-free": "+18002345678", "shared cost": "+448431234567", "satellite": "+881612345678",
		"worldwide toll-free": "+80012345678", "worldwide shared cost": "+80812345678", "worldwide premium rate": "+979123456789",
		"a network of no country": "+883510012345", "Inmarsat": "+870773111632", "personal": "+447012345678", "pager": "+447640123456", "voip": "+445612345678",
		"universal": "+445512345678",
	} {
		a := s.post(t, "/v2/registrations", directory.BeginRequest{Number: number})
		if a.want(t, directory.NumberKind); t.Failed() {
			t.Errorf("a number that is %s", what)
		}
	}
	for _, number := range []string{"+447911123456", "+442079460958", "+12025550199"} {
		s.post(t, "/v2/registrations", directory.BeginRequest{Number: number}).wantStatus(t, 202)
	}
}

// consent: to this text, and to something.
func consent(t *testing.T, s *Server) {
	number := s.numbers.next()
	b := s.begin(t, number)
	good, _ := s.confirmation(t, number, s.Code(t, b.Registration), both...)
	path := "/v2/registrations/" + b.Registration
	for _, scopes := range [][]directory.Scope{nil, {}, {"Search"}, {"search", "search"}, {"search", "discoverable", "search"}, {"all"}, {""}} {
		body := good
		body.Consent.Scopes = scopes
		s.post(t, path, body).want(t, directory.ConsentScopes)
	}
	for _, hash := range []string{"", strings.Repeat("0", 64), strings.ToUpper(good.Consent.TextSHA256), good.Consent.TextSHA256[1:]} {
		body := good
		body.Consent.TextSHA256 = hash
		s.post(t, path, body).want(t, directory.ConsentOutdated)
	}
	s.post(t, path, good).wantStatus(t, 201)
}

// other is a code that is not this one.
func other(code string, i int) string {
	return fmt.Sprintf("%0*d", len(code), (atoi(code)+i+1)%100_000_000)
}

func atoi(digits string) (n int) {
	for _, c := range digits {
		n = 10*n + int(c-'0')
	}
	return n
}

// codes: five tries, for this number and this registration, once.
func codes(t *testing.T, s *Server) {
	number := s.numbers.next()
	b := s.begin(t, number)
	code := s.Code(t, b.Registration)
	if len(code) != 8 || strings.Trim(code, "0123456789") != "" {
		t.Fatal("a code is not of eight digits")
	}
	good, _ := s.confirmation(t, number, code, both...)
	path := "/v2/registrations/" + b.Registration

	// What is no such registration.
	for _, id := range []string{strings.Repeat("0", 32), strings.ToUpper(b.Registration) + "A", b.Registration[:31], b.Registration + "0", "%2e%2e%2e"} {
		a := s.post(t, "/v2/registrations/"+id, good)
		if a.want(t, directory.RegistrationUnknown); t.Failed() {
			t.Fatalf("id of %d digits", len(id))
		}
	}
	// The code of one registration is nothing for another.
	second := s.begin(t, number)
	stolen, _ := s.confirmation(t, number, other(s.Code(t, second.Registration), 0), both...)
	stolen.Code = code
	if s.Code(t, second.Registration) != code {
		s.post(t, "/v2/registrations/"+second.Registration, stolen).want(t, directory.CodeWrong)
	}
	// Nor this code for another number, written otherwise, or longer.
	wrong := []directory.ConfirmRequest{good, good, good, good}
	wrong[0].Number = s.numbers.next()
	wrong[1].Code = other(code, 0)
	wrong[2].Code = code + "0"
	wrong[3].Code = ""
	for i, body := range wrong {
		a := s.post(t, path, body)
		a.want(t, directory.CodeWrong)
		if left := a.problem.TriesLeft; left == nil || *left != int64(4-i) {
			t.Errorf("tries left after %d: %v", i+1, left)
		}
	}
	// The fifth is right, and then it is spent.
	s.post(t, path, good).wantStatus(t, 201)
	s.post(t, path, good).want(t, directory.RegistrationUnknown)

	// Five wrong ones, and the right one is too late.
	number = s.numbers.next()
	b = s.begin(t, number)
	good, _ = s.confirmation(t, number, s.Code(t, b.Registration), both...)
	for i := range 5 {
		body := good
		body.Code = other(good.Code, i)
		s.post(t, "/v2/registrations/"+b.Registration, body).want(t, directory.CodeWrong)
	}
	s.post(t, "/v2/registrations/"+b.Registration, good).want(t, directory.CodeExpired)
	s.post(t, "/v2/registrations/"+b.Registration, good).want(t, directory.CodeExpired)
}

// codesAtOnce: of many guesses at once five are looked at, and of many right
// ones one counts.
func codesAtOnce(t *testing.T, s *Server) {
	number := s.numbers.next()
	b := s.begin(t, number)
	good, _ := s.confirmation(t, number, s.Code(t, b.Registration), both...)
	count := s.atOnce(t, 24, func(i int) answer {
		body := good
		body.Code = other(good.Code, i)
		return s.post(t, "/v2/registrations/"+b.Registration, body)
	})
	if count[directory.CodeWrong] != 5 || count[directory.CodeExpired] != 19 {
		t.Errorf("guesses: %v", count)
	}
	number = s.numbers.next()
	b = s.begin(t, number)
	good, _ = s.confirmation(t, number, s.Code(t, b.Registration), both...)
	count = s.atOnce(t, 16, func(int) answer { return s.post(t, "/v2/registrations/"+b.Registration, good) })
	// Five had a try; the rest found none left, or the registration spent.
	if count[""] != 1 || count[directory.RegistrationUnknown]+count[directory.CodeExpired] != 15 {
		t.Errorf("right ones: %v", count)
	}
}

// atOnce makes n requests at once and counts the codes, "" for success.
func (s *Server) atOnce(t testing.TB, n int, f func(i int) answer) map[directory.Code]int {
	var group sync.WaitGroup
	var mu sync.Mutex
	count := map[directory.Code]int{}
	for i := range n {
		group.Go(func() {
			a := f(i)
			mu.Lock()
			defer mu.Unlock()
			count[a.problem.Code]++
		})
	}
	group.Wait()
	return count
}

// sends: three an hour for a number, registered or not.
func sends(t *testing.T, s *Server) {
	known := s.register(t, both...) // the first of its three
	for range 2 {
		s.begin(t, known.number)
	}
	unknown := s.numbers.next()
	for range 3 {
		s.begin(t, unknown)
	}
	var bodies [2]string
	for i, number := range []string{known.number, unknown} {
		a := s.post(t, "/v2/registrations", map[string]any{"number": number})
		a.want(t, directory.SendsExceeded)
		a.wantRetry(t, 3000, 3600)
		bodies[i] = string(a.body)
	}
	if bodies[0] != bodies[1] {
		t.Error("the answers tell who is registered")
	}
	s.begin(t, s.numbers.next())
}

// registrationBodies: JSON in its strictest form; nothing else changes anything,
// nor costs a send or a try.
func registrationBodies(t *testing.T, s *Server) {
	number := s.numbers.next()
	text := func(format string) string { return strings.ReplaceAll(format, "N", number) }
	bad := []string{
		``, ` `, `null`, `1`, `"N"`, `[]`, `["N"]`, `{}`, `{`, `{"number"`, `{"number":"N"`, `{"number":"N",}`, `{'number':'N'}`,
		`{"number":null}`, `{"number":1}`, `{"number":["N"]}`, `{"number":{"number":"N"}}`,
		`{"Number":"N"}`, `{"NUMBER":"N"}`, `{"number":"N","number":"N"}`, `{"number":"N","Number":"N"}`,
		`{"number":"N","more":1}`, `{"number":"N"}{}`, `{"number":"N"} x`, `{"number":"N"}]`,
		"\ufeff" + `{"number":"N"}`, `{"number":"N"}` + "\x00", strings.Repeat(`{"number":`, 200) + `1` + strings.Repeat(`}`, 200),
	}
	for _, body := range bad {
		a := s.do(t, request{method: "POST", path: "/v2/registrations", contentType: "application/json", body: []byte(text(body))})
		if a.want(t, directory.BodyMalformed); t.Failed() {
			t.Fatalf("body %q", body)
		}
	}
	good := []byte(text(`{"number":"N"}`))
	for _, mediaType := range []string{"", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded", "application/json; charset=latin1", "application/jsonx", ";", "multipart/form-data; boundary=x"} {
		s.do(t, request{method: "POST", path: "/v2/registrations", contentType: mediaType, body: good}).want(t, directory.ContentType)
	}
	large := append(good, []byte(strings.Repeat(" ", 1<<20))...)
	for _, chunked := range []bool{false, true} {
		s.do(t, request{method: "POST", path: "/v2/registrations", contentType: "application/json", body: large, chunked: chunked}).want(t, directory.BodyTooLarge)
	}
	// All of them cost no send: there are three left.
	s.do(t, request{method: "POST", path: "/v2/registrations", contentType: "application/json; charset=utf-8", body: good}).wantStatus(t, 202)
	s.do(t, request{method: "POST", path: "/v2/registrations", contentType: "Application/JSON", body: []byte(text("\n{ \"number\" :\t\"N\" }\n")), chunked: true}).wantStatus(t, 202)
	b := s.begin(t, number)

	confirmation, _ := s.confirmation(t, number, s.Code(t, b.Registration), both...)
	whole, err := json.Marshal(confirmation)
	if err != nil {
		t.Fatal(err)
	}
	replace := func(old, new string) string {
		if !strings.Contains(string(whole), old) {
			t.Fatalf("no %q in the body", old)
		}
		return strings.Replace(string(whole), old, new, 1)
	}
	blinded := confirmation.Blinded.String()
	for name, body := range map[string]string{
		"empty": "{}", "both": replace(`{"number"`, `{"withdraw":true,"number"`), "withdraw is false": `{"number":"` + number + `","code":"` + confirmation.Code + `","withdraw":false}`,
		"withdraw is 1": `{"number":"` + number + `","code":"` + confirmation.Code + `","withdraw":1}`, "withdraw alone": `{"withdraw":true}`, "no code": replace(`"code":"`+confirmation.Code+`",`, ""), "case": replace(`"blinded"`, `"Blinded"`),
		"code is a number": replace(`"`+confirmation.Code+`"`, "1"+confirmation.Code), "more": replace(`{"number"`, `{"x":1,"number"`),
		"more inside": replace(`{"text_sha256"`, `{"x":1,"text_sha256"`), "twice inside": replace(`{"text_sha256"`, `{"text_sha256":"","text_sha256"`),
		"scopes are a text": replace(`["search","discoverable"]`, `"search"`), "a scope is a number": replace(`"discoverable"]`, `1]`),
		"blinded null": replace(`"`+blinded+`"`, "null"), "blinded empty": replace(blinded, ""), "blinded short": replace(blinded, blinded[:42]),
		"blinded padded": replace(blinded, blinded+"="), "blinded with line end": replace(blinded, blinded[:20]+`\n`+blinded[20:]),
		"blinded long": replace(blinded, blinded+"AAAA"), "blinded not canonical": replace(blinded, blinded[:42]+notCanonical(blinded[42])),
		"blinded in hex": replace(blinded, fmt.Sprintf("%x", []byte(confirmation.Blinded))),
	} {
		a := s.do(t, request{method: "POST", path: "/v2/registrations/" + b.Registration, contentType: "application/json", body: []byte(body)})
		if a.want(t, directory.BodyMalformed); t.Failed() {
			t.Fatalf("body: %s", name)
		}
	}
	// What is no element is seen once the code was right, and costs nothing then.
	bad2 := confirmation
	for _, element := range [][]byte{make([]byte, 32), []byte(strings.Repeat("\xff", 32))} {
		bad2.Blinded = element
		a := s.post(t, "/v2/registrations/"+b.Registration, bad2)
		a.want(t, directory.ElementInvalid)
	}
	// And no try: a wrong code has four left.
	bad2 = confirmation
	bad2.Code = other(confirmation.Code, 0)
	if a := s.post(t, "/v2/registrations/"+b.Registration, bad2); a.problem.TriesLeft == nil || *a.problem.TriesLeft != 4 {
		t.Errorf("bad bodies cost tries: %+v", a.problem)
	}
	s.post(t, "/v2/registrations/"+b.Registration, confirmation).wantStatus(t, 201)
}

// notCanonical is a last digit of base64url with other unused bits.
func notCanonical(c byte) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(digits[strings.IndexByte(digits, c)|1])
}

// longerCodes: after ten wrong tries in a day a number's codes have twelve
// digits. They are never refused: else anybody could lock a number.
func longerCodes(t *testing.T, s *Server) {
	number, asked := s.numbers.next(), 0
	wrong := 0
	for asked < 3 {
		b := s.begin(t, number)
		asked++
		code := s.Code(t, b.Registration)
		want := 8
		if wrong >= 10 {
			want = 12
		}
		if len(code) != want {
			t.Fatalf("after %d wrong tries a code has %d digits", wrong, len(code))
		}
		good, _ := s.confirmation(t, number, code, both...)
		if asked == 3 {
			s.post(t, "/v2/registrations/"+b.Registration, good).wantStatus(t, 201)
			return
		}
		for i := range 5 {
			body := good
			body.Code = other(code, i)
			s.post(t, "/v2/registrations/"+b.Registration, body).want(t, directory.CodeWrong)
			wrong++
		}
	}
}

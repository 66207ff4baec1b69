package suite

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sealbook/wasm/directory"
)

// numbers gives out numbers reserved for fiction that are valid: 555-01xx in
// one area code after the other.
type numbers struct {
	mu sync.Mutex
	n  int
}

var areas = []int{201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234, 239, 240}

func (n *numbers) next() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	i := n.n
	n.n++
	return fmt.Sprintf("+1%d55501%02d", areas[i/100], i%100)
}

// request is a request to be made.
type request struct {
	method, path string
	contentType  string
	body         []byte
	chunked      bool // without saying the length
	bearer       string
	header       map[string]string
}

// answer is what came.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	problem directory.Problem // if it is one
}

// client does not follow redirects: the protocol has none.
var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	// Without compression, which a platform may add on the way: the length that
	// the server says is to be seen.
	Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
}

// do makes a request and checks what holds for every answer.
func (s *Server) do(t testing.TB, r request) answer {
	t.Helper()
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
		if r.chunked {
			body = io.MultiReader(body) // hides the length
		}
	}
	req, err := http.NewRequest(r.method, s.URL+r.path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = s.OneShot
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	if r.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+r.bearer)
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, header: res.Header}
	if a.body, err = io.ReadAll(res.Body); err != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	what := fmt.Sprintf("%s %s: %d", r.method, r.path, a.status)
	for _, name := range []string{"Etag", "Last-Modified", "Set-Cookie", "Location"} {
		if got := a.header.Get(name); got != "" || a.status == 304 {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	public := isPublic(r.path)
	if got := a.header.Get("Access-Control-Allow-Origin"); public && got != "*" || !public && got != r.header["Origin"] && got != "" {
		t.Errorf("%s: Access-Control-Allow-Origin is %q", what, got)
	}
	caching := "no-store"
	if (a.status == 200 || a.status == 206) && strings.HasPrefix(r.path, "/v2/states/") {
		caching = "public, max-age=600"
	}
	if got := a.header.Get("Cache-Control"); got != caching {
		t.Errorf("%s: Cache-Control is %q", what, got)
	}
	length := a.header.Get("Content-Length")
	if a.status != 204 && r.method != "HEAD" && length != strconv.Itoa(len(a.body)) {
		t.Errorf("%s: Content-Length is %q for %d bytes", what, length, len(a.body))
	}
	if a.status < 400 {
		return a
	}
	if r.method != "HEAD" {
		a.readProblem(t, what)
	}
	for _, secret := range secrets(r) {
		if bytes.Contains(a.body, []byte(secret)) {
			t.Errorf("%s: the problem quotes from the request", what)
		}
	}
	return a
}

// readProblem reads a problem document, in which nothing may be missing or more.
func (a *answer) readProblem(t testing.TB, what string) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&a.problem); err != nil {
		t.Fatalf("%s: no problem document: %v", what, err)
	}
	p := a.problem
	if a.header.Get("Content-Type") != directory.ProblemType || p.Status != a.status || p.Type != "about:blank" ||
		p.Title == "" || p.Detail == "" || p.Code.Status() != a.status {
		t.Errorf("%s: %s %+v", what, a.header.Get("Content-Type"), p)
	}
}

// isPublic reports whether any page may read what is at a path.
func isPublic(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	if path == "/v2/directory" || path == "/v2/log/checkpoint" || path == "/v2/log/update" || path == "/v2/log/cosigned" {
		return true
	}
	parts := strings.Split(path, "/")
	full := func(n int) bool { return len(parts) == n && parts[n-1] != "" }
	switch {
	case strings.HasPrefix(path, "/v2/log/tile/"):
		return true
	case strings.HasPrefix(path, "/v2/states/"):
		return full(5) && parts[3] != "" && slices.Contains([]string{"tags", "records", "root", "hashes"}, parts[4])
	case strings.HasPrefix(path, "/v2/changes/"):
		return full(4) || full(5) && parts[3] != "" || full(6) && parts[3] != "" && parts[4] != "" && parts[5] == "records"
	}
	return false
}

// secrets are what no answer may repeat: credential, number, code and elements.
func secrets(r request) (all []string) {
	if len(r.bearer) > 5 {
		all = append(all, r.bearer)
	}
	if len(r.body) == 0 {
		return all
	}
	var fields map[string]any
	if json.Unmarshal(r.body, &fields) == nil {
		for _, v := range fields {
			if text, ok := v.(string); ok && len(text) > 5 {
				all = append(all, text, strings.TrimPrefix(text, "+"))
			}
		}
	} else if len(r.body) > 8 {
		all = append(all, string(r.body), base64.RawURLEncoding.EncodeToString(r.body))
	}
	return all
}

func (s *Server) get(t testing.TB, path string) answer {
	t.Helper()
	return s.do(t, request{method: "GET", path: path})
}

// post sends JSON.
func (s *Server) post(t testing.TB, path string, v any) answer {
	t.Helper()
	return s.do(t, request{method: "POST", path: path, contentType: "application/json", body: encode(t, v)})
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// want checks that an answer is the problem with that code.
func (a answer) want(t testing.TB, code directory.Code) {
	t.Helper()
	if a.status != code.Status() || a.problem.Code != code {
		t.Errorf("answer %d %q, want %d %q", a.status, a.problem.Code, code.Status(), code)
	}
}

// status checks the status, and shows the problem if there is one instead.
func (a answer) wantStatus(t testing.TB, status int) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d %s, want %d", a.status, a.problem.Code, status)
	}
}

// read decodes a JSON answer, with no other fields than v has.
func (a answer) read(t testing.TB, v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil || a.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%v in %s", err, a.header.Get("Content-Type"))
	}
}

// wantRetry checks Retry-After, in seconds.
func (a answer) wantRetry(t testing.TB, least, most int) {
	t.Helper()
	n, err := strconv.Atoi(a.header.Get("Retry-After"))
	if err != nil || n < least || n > most {
		t.Errorf("Retry-After is %q, want %d to %d", a.header.Get("Retry-After"), least, most)
	}
}

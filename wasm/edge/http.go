package edge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

// This file is all there is about answering HTTP: which path is whose, who may
// ask from a page, how bodies are read and files and problems sent.

// endpoint answers one request, or says what is wrong with it. It gets what
// stands for the path's stars.
type endpoint func(w http.ResponseWriter, r *http.Request, args []string) error

// route is a path of the protocol, in segments. "*" stands for any one, and "**"
// at the end for all the rest.
type route struct {
	path    []string
	methods map[string]endpoint
	allow   string
	// public is what is the same for everybody. Any page may read it.
	public bool
}

func (h *Handler) makeRoutes() []route {
	var routes []route
	add := func(public bool, path string, methods map[string]endpoint) {
		var allow []string
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			if methods[method] == nil {
				continue
			}
			allow = append(allow, method)
			if method == "GET" {
				allow = append(allow, "HEAD")
			}
		}
		routes = append(routes, route{strings.Split(path, "/"), methods, strings.Join(append(allow, "OPTIONS"), ", "), public})
	}
	public := func(path string, get endpoint) { add(true, path, map[string]endpoint{"GET": get}) }
	public("/v2/directory", h.getDirectory)
	public("/v2/log/checkpoint", h.getCheckpoint)
	public("/v2/log/cosigned", h.getCosigned)
	public("/v2/log/update", h.getUpdate)
	public("/v2/log/tile/**", h.getTile)
	for _, file := range stateFiles {
		public("/v2/states/*/"+file, h.getState(file))
	}
	public("/v2/changes/*", h.getHour(changesFile))
	public("/v2/changes/*/records", h.getHour(changesRecordsFile))
	public("/v2/changes/*/*", h.getChanges(changesFile))
	public("/v2/changes/*/*/records", h.getChanges(changesRecordsFile))

	add(false, "/v2/health", map[string]endpoint{"GET": h.getHealth}) // no page's business
	add(false, "/v2/registrations", map[string]endpoint{"POST": h.beginRegistration})
	add(false, "/v2/registrations/*", map[string]endpoint{"POST": h.confirmRegistration})
	add(false, "/v2/evaluations", map[string]endpoint{"POST": h.evaluate})
	add(false, "/v2/me", map[string]endpoint{"GET": h.getAccount, "DELETE": h.withdraw})
	add(false, "/v2/me/record", map[string]endpoint{"PUT": h.putRecord})
	add(false, "/v2/me/renewal", map[string]endpoint{"DELETE": h.refuseRenewal})
	add(false, "/v2/me/epoch", map[string]endpoint{"POST": h.moveEpoch})
	return routes
}

// match returns what stands for the stars, if the path is the route's.
func (rt *route) match(path []string) (args []string, ok bool) {
	for i, segment := range rt.path {
		switch {
		case i >= len(path):
			return nil, false
		case segment == "**":
			return append(args, strings.Join(path[i:], "/")), true
		case segment == "*" && path[i] != "":
			args = append(args, path[i])
		case segment != path[i]:
			return nil, false
		}
	}
	return args, len(path) == len(rt.path)
}

// ServeHTTP answers a request of the protocol. All paths begin with /v2/.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	if err := h.recovered(w, r); err != nil {
		p := problemOf(err)
		h.countRefusal(p.Code)
		if p.concernsOperator() && r.Context().Err() == nil { // else the client has gone, nothing failed
			h.log(err)
		}
		p.write(w)
	}
}

// recovered makes an error of a panic. Of its value only what the runtime itself
// says is passed on, which tells of indices and types.
func (h *Handler) recovered(w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("edge: panic: %w", v)
		default:
			err = fmt.Errorf("edge: panic with a %T", v)
		}
	}()
	return h.serve(w, r)
}

func (h *Handler) serve(w http.ResponseWriter, r *http.Request) error {
	path := strings.Split(r.URL.Path, "/")
	for i := range h.routes {
		rt := &h.routes[i]
		args, ok := rt.match(path)
		if !ok {
			continue
		}
		h.countRequest(r.Method, rt)
		if err := h.admit(w, r, rt); err != nil {
			return err
		}
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		if f := rt.methods[method]; f != nil {
			return f(w, r, args)
		}
		if method == http.MethodOptions {
			w.Header().Set("Allow", rt.allow)
			w.Header().Set("Access-Control-Allow-Methods", rt.allow)
			w.Header().Set("Access-Control-Allow-Headers", "authorization, content-type, range")
			w.Header().Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		return refuse(directory.MethodNotAllowed, "This path does not take this method.").with("Allow", rt.allow)
	}
	h.countRequest(r.Method, nil)
	return refuse(directory.NotFound, "There is nothing at this path.")
}

// exposed are the fields of answers that a client reads.
const exposed = "content-range, retry-after, sealbook-budget, sealbook-epoch"

// admit lets any page read what is public. All else is for pages of this
// address and of those that the operator names: no other page can make its
// visitors ask for codes. Programs that are no browser send no Origin.
func (h *Handler) admit(w http.ResponseWriter, r *http.Request, rt *route) error {
	header := w.Header()
	if rt.public {
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Access-Control-Expose-Headers", exposed)
		header.Set("Cross-Origin-Resource-Policy", "cross-origin")
		return nil
	}
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Vary", "Origin")
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
			return foreign()
		}
		return nil
	}
	if len(origins) > 1 || !h.allowed(origins[0], r.Host) {
		return foreign()
	}
	header.Set("Access-Control-Allow-Origin", origins[0])
	header.Set("Access-Control-Expose-Headers", exposed)
	return nil
}

func foreign() *problem {
	return refuse(directory.OriginRefused, "Pages of this origin may not ask this here.")
}

// allowed reports whether a page of that origin may ask a directory that is
// called by the name host.
func (h *Handler) allowed(origin, host string) bool {
	u, err := url.Parse(origin)
	own := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host == host && u.Scheme+"://"+u.Host == origin
	return own || slices.Contains(h.config.Origins, origin)
}

// Media types of bodies.
const (
	octets    = "application/octet-stream"
	jsonType  = "application/json"
	plainText = "text/plain; charset=utf-8"
)

// send answers with a whole body. Its length is always said: a client can tell
// a cut answer, and workers need it (an instance leaks where it is not).
func send(w http.ResponseWriter, status int, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body) // if the client has gone, nobody is left to tell
}

// sendJSON answers with a JSON document.
func sendJSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	send(w, status, jsonType, body)
	return nil
}

// sendFile answers GET and HEAD of a version's file: whole, or in part (RFC
// 9110, section 14: one range of bytes). There is no validator, and what a
// client has is never asked: so it cannot be told apart from others by it.
func (h *Handler) sendFile(w http.ResponseWriter, r *http.Request, v store.Version, name string) error {
	file, size, err := h.config.Files.Open(r.Context(), fileName(v.Version, v.Files, name))
	want, known := sizeOf(v.Sizes, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if v.Replaced > 0 && h.now()-v.Replaced >= versionKept {
			return versionGone() // in this moment
		}
		h.log(errMissing)
		return refuse(directory.FileMissing, "A published file is missing; the directory's operator has to look.")
	case err != nil:
		return err
	case known && size != want:
		h.log(errMissing)
		return errors.Join(refuse(directory.FileMissing, "A published file is not whole; the directory's operator has to look."), file.Close())
	}
	defer file.Close()
	header := w.Header()
	header.Set("Accept-Ranges", "bytes")
	field := r.Header.Get("Range")
	if r.Header.Get("If-Range") != "" {
		field = "" // nothing can match what there is none of
	}
	from, to, kind := parseRange(field, size)
	status := http.StatusOK
	switch kind {
	case outside:
		return refuse(directory.RangeUnsatisfiable, "The file does not have these bytes.").
			with("Content-Range", fmt.Sprintf("bytes */%d", size))
	case part:
		status = http.StatusPartialContent
		header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, size))
		if _, err := file.Seek(from, io.SeekStart); err != nil {
			return err
		}
	}
	header.Set("Content-Type", octets)
	header.Set("Content-Length", strconv.FormatInt(to-from, 10))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		io.CopyN(w, file, to-from) // if the client has gone, nobody is left to tell
	}
	return nil
}

// errMissing is told to the operator.
var errMissing = errors.New("edge: a published file is missing, or not whole")

type rangeKind int

const (
	whole   rangeKind = iota // no range, or one that is to be ignored
	part                     // the bytes from ≤ i < to
	outside                  // none of the file's bytes
)

// parseRange reads a Range field for a file of size bytes. Several ranges, and
// whatever is not well formed, ask for the whole.
func parseRange(field string, size int64) (from, to int64, kind rangeKind) {
	spec, ok := strings.CutPrefix(field, "bytes=")
	first, last, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok || !dash {
		return 0, size, whole
	}
	if first == "" { // the last bytes
		n, err := position(last)
		switch {
		case err != nil:
			return 0, size, whole
		case n == 0 || size == 0:
			return 0, 0, outside
		}
		return max(size-n, 0), size, part
	}
	from, err := position(first)
	if err != nil {
		return 0, size, whole
	}
	to = size
	if last != "" {
		n, err := position(last)
		if err != nil || n < from {
			return 0, size, whole
		}
		to = min(size, n+1)
	}
	if from >= size {
		return 0, 0, outside
	}
	return from, to, part
}

// position reads digits; what is beyond every file is cut off.
func position(text string) (int64, error) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, strconv.ErrSyntax
		}
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil && text == "" {
		return 0, err
	}
	return int64(min(n, 1<<40)), nil // out of range gives the greatest number
}

// integer reads a number in the one way to write it, up to 2^53 - 1.
func integer(text string) (int64, bool) {
	n, err := strconv.ParseUint(text, 10, 53)
	return int64(n), err == nil && strconv.FormatUint(n, 10) == text
}

// readBody reads a whole body of that media type and at most limit bytes.
func readBody(r *http.Request, mediaType string, limit int) ([]byte, error) {
	got, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || got != mediaType || params["charset"] != "" && params["charset"] != "utf-8" {
		return nil, refuse(directory.ContentType, "The body must be "+mediaType+".")
	}
	tooLarge := refuse(directory.BodyTooLarge, "The body may have "+strconv.Itoa(limit)+" bytes.")
	if r.ContentLength > int64(limit) {
		return nil, tooLarge
	}
	if r.Body == nil { // in a worker
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, refuse(directory.BodyTimeout, "The body did not come in time.").with("Connection", "close")
	case err != nil:
		return nil, malformed("The body ended early.")
	case len(body) > limit:
		return nil, tooLarge
	}
	return body, nil
}

// readOctets reads a binary body.
func readOctets(r *http.Request, limit int) ([]byte, error) { return readBody(r, octets, limit) }

// readJSON reads an object into v, a pointer to a struct. It must have all of
// v's fields, each once and under its exact name, and no other; fields that are
// "omitempty" may be left out.
func readJSON(r *http.Request, limit int, v any) error {
	body, err := readBody(r, jsonType, limit)
	if err != nil {
		return err
	}
	return decodeJSON(body, v)
}

func decodeJSON(body []byte, v any) error {
	if err := checkObject(body); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return malformed("The body is not the JSON object that is asked for.")
	}
	// encoding/json lets names differ in case and fields be missing. What it
	// understood must be what was said.
	said, err1 := canonical(body)
	back, err := json.Marshal(v)
	understood, err2 := canonical(back)
	if err := errors.Join(err, err1, err2); err != nil || !bytes.Equal(said, understood) {
		return malformed("The JSON object lacks a field, or has one of another name or form.")
	}
	return nil
}

// canonical writes JSON with its names sorted.
func canonical(text []byte) ([]byte, error) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// checkObject refuses what encoding/json passes over: a name given twice, and
// something after the end.
func checkObject(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	bad := malformed("The body is not one JSON object, or it has a name twice.")
	if err := checkValue(d, 0); err != nil {
		return bad
	}
	if _, err := d.Token(); err != io.EOF {
		return bad
	}
	return nil
}

var errObject = errors.New("edge: not a plain object")

// depth is how deep objects may lie in each other: bodies have two levels.
const depth = 4

func checkValue(d *json.Decoder, level int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	delim, compound := token.(json.Delim)
	if level == 0 && delim != '{' || level > depth {
		return errObject
	}
	if !compound {
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		if delim == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			if text := name.(string); seen[text] {
				return errObject
			} else {
				seen[text] = true
			}
		}
		if err := checkValue(d, level+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// problem is why a request was refused, and the header fields that go with it.
type problem struct {
	*directory.Problem
	header map[string]string
}

// refuse makes one.
func refuse(code directory.Code, detail string) *problem {
	return &problem{directory.NewProblem(code, detail), map[string]string{}}
}

func (p *problem) Unwrap() error { return p.Problem }

// with adds a header field.
func (p *problem) with(name, value string) *problem {
	p.header[name] = value
	return p
}

// after says in how many seconds to come again.
func (p *problem) after(seconds int64) *problem {
	return p.with("Retry-After", strconv.FormatInt(max(seconds, 1), 10))
}

func malformed(detail string) *problem { return refuse(directory.BodyMalformed, detail) }

func unauthorized(code directory.Code, detail string) *problem {
	return refuse(code, detail).with("WWW-Authenticate", "Bearer")
}

// problemOf returns the problem that an error amounts to. What has no code of
// its own is internal: its text goes to the log and not to the client.
func problemOf(err error) *problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrEpoch): // one began in this moment
		return refuse(directory.StoreBusy, "The database is busy; nothing was changed.").after(1)
	case errors.Is(err, store.ErrFull):
		return refuse(directory.StoreFull, "The database is full; nothing was changed.")
	}
	return refuse(directory.Internal, "The directory failed; its operator can see why.")
}

// concernsOperator reports whether an operator should hear of the problem.
func (p *problem) concernsOperator() bool {
	return p.Code == directory.Internal || p.Code == directory.StoreFull || p.Code == directory.SenderFailed
}

// write sends the problem.
func (p *problem) write(w http.ResponseWriter) {
	for name, value := range p.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("Accept-Ranges")
	body, err := json.Marshal(p.Problem)
	if err != nil {
		panic(err) // its fields are texts and numbers
	}
	send(w, p.Status, directory.ProblemType, body)
}

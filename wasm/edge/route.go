package edge

import (
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"

	"sealbook/wasm/directory"
)

// endpoint answers one request, or says what is wrong with it.
type endpoint func(w http.ResponseWriter, r *http.Request, arg string) error

// route is a path of the protocol. A segment "*" stands for any one, which the
// endpoint gets as its argument.
type route struct {
	path    string
	methods map[string]endpoint
	allow   string
}

func (h *Handler) makeRoutes() []route {
	routes := []route{
		{path: "/v1/directory", methods: map[string]endpoint{"GET": h.getDirectory}},
		{path: "/v1/registrations", methods: map[string]endpoint{"POST": h.beginRegistration}},
		{path: "/v1/registrations/*", methods: map[string]endpoint{"POST": h.confirmRegistration}},
		{path: "/v1/evaluations", methods: map[string]endpoint{"POST": h.evaluate}},
		{path: "/v1/me", methods: map[string]endpoint{"GET": h.getAccount, "DELETE": h.withdraw}},
		{path: "/v1/me/record", methods: map[string]endpoint{"PUT": h.putRecord}},
		{path: "/v1/buckets/*/tags", methods: map[string]endpoint{"GET": h.getTags}},
		{path: "/v1/buckets/*/records", methods: map[string]endpoint{"GET": h.getRecords}},
		{path: "/v1/buckets/*/delta", methods: map[string]endpoint{"GET": h.getDelta}},
	}
	for i := range routes {
		var allow []string
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			if routes[i].methods[method] == nil {
				continue
			}
			allow = append(allow, method)
			if method == "GET" {
				allow = append(allow, "HEAD")
			}
		}
		routes[i].allow = strings.Join(append(allow, "OPTIONS"), ", ")
	}
	return routes
}

// match answers what stands for "*", if the path is the route's.
func (rt *route) match(path string) (arg string, ok bool) {
	before, after, wild := strings.Cut(rt.path, "*")
	if !wild {
		return "", path == rt.path
	}
	rest, ok := strings.CutPrefix(path, before)
	if !ok {
		return "", false
	}
	arg, ok = strings.CutSuffix(rest, after)
	return arg, ok && arg != "" && !strings.Contains(arg, "/")
}

// ServeHTTP answers a request of the protocol. All paths begin with /v1/.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	// Any page may ask: what is public is public, and the rest needs a
	// credential, which no browser adds by itself.
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "etag, content-range, retry-after, sealbook-epoch, sealbook-budget")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	if err := h.recovered(w, r); err != nil {
		p := problemOf(err)
		if p.worth() && r.Context().Err() == nil { // else the client has gone, nothing failed
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
	for i := range h.routes {
		rt := &h.routes[i]
		arg, ok := rt.match(r.URL.Path)
		if !ok {
			continue
		}
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		if f := rt.methods[method]; f != nil {
			return f(w, r, arg)
		}
		if method == http.MethodOptions {
			w.Header().Set("Allow", rt.allow)
			w.Header().Set("Access-Control-Allow-Methods", rt.allow)
			w.Header().Set("Access-Control-Allow-Headers", "authorization, content-type, if-none-match, range")
			w.Header().Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		return refuse(directory.MethodNotAllowed, "This path does not take this method.").with("Allow", rt.allow)
	}
	return refuse(directory.NotFound, "There is nothing at this path.")
}

// send answers with a whole body. Its length is always said: a client can tell
// a cut answer, and workers need it (an instance leaks where it is not).
func send(w http.ResponseWriter, status int, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body) // if the client has gone, nobody is left to tell
}

package check

import (
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"sealbook/wasm/trust"
)

// usual are fields that any host may add: they tell a browser nothing that
// changes what a page may do. All values of theirs are taken, but see judgeField.
var usual = []string{
	"Accept-Ranges", "Access-Control-Allow-Origin", "Age", "Alt-Svc", "Cf-Cache-Status", "Cf-Ray", "Connection", "Content-Encoding", "Content-Length", "Content-Range", "Content-Type",
	"Date", "Etag", "Expires", "Keep-Alive", "Last-Modified", "Priority", "Server", "Server-Timing", "Strict-Transport-Security", "Transfer-Encoding", "Vary", "Via",
	"X-Cache", "X-Cache-Hits", "X-Fastly-Request-Id", "X-Github-Request-Id", "X-Nf-Request-Id", "X-Proxy-Cache", "X-Request-Id", "X-Served-By", "X-Timer",
}

// alarming are fields that are told by their name, since each does harm: what
// they do stands beside them.
var alarming = map[string]string{
	"Clear-Site-Data": "it can remove the service worker and what it keeps", "Link": "it makes a browser load something", "Refresh": "it sends the page elsewhere",
	"Set-Cookie": "it marks a visitor", "Nel": "it makes a browser report", "Report-To": "it makes a browser report", "Reporting-Endpoints": "it makes a browser report",
	"Service-Worker-Allowed": "it widens what a service worker may rule", "Sourcemap": "it makes a browser load something", "Location": "it sends a browser elsewhere",
	"Content-Security-Policy-Report-Only": "it makes a browser report", "Speculation-Rules": "it makes a browser load something", "Content-Disposition": "it turns a page into a download",
}

// headers are the fields that a path must have.
func (l *log) headers(path string) map[string]string {
	want := map[string]string{}
	for _, h := range l.manifest.Headers {
		if h.Path == "*" || h.Path == "/"+path {
			want[http.CanonicalHeaderKey(h.Name)] = h.Value
		}
	}
	return want
}

// everywhere says whether all paths have a field.
func (l *log) everywhere(name string) bool {
	return slices.ContainsFunc(l.manifest.Headers, func(h trust.Header) bool { return h.Path == "*" && http.CanonicalHeaderKey(h.Name) == name })
}

// judgeHeaders compares the fields of an answer with those that the manifest has
// for a path. A 304 leaves out those that go with a body.
func (r *Report) judgeHeaders(l *log, path string, a Answer, visitor string, bare bool) {
	find := func(name, reason, what string) {
		r.Find(Finding{Code: Header, Where: where(path), Reason: reason, What: name + ": " + what, Visitor: visitor})
	}
	want := l.headers(path)
	for name, value := range want {
		got := a.Header.Values(name)
		switch {
		case len(got) == 0 && a.Status == http.StatusNotModified:
		case len(got) == 0 && bare:
			r.Remark("the host does not send " + name)
		case len(got) == 0 && a.Status == http.StatusNotFound && !l.everywhere(name):
			// Hosts that go by the path that was asked for; the page has its policy in itself.
			r.Remark("a path that no release has is answered without " + name)
		case len(got) == 1 && a.Status == http.StatusNotFound && name == "Cache-Control" && got[0] == "no-store":
		case len(got) == 0:
			find(name, "missing", "is missing")
		case len(got) > 1:
			find(name, "doubled", "is there more than once")
		case got[0] != value && bare && name == "Cache-Control":
			r.Remark("the host sends a Cache-Control of its own")
		case got[0] != value:
			find(name, "weakened", "has another value")
		}
	}
	for name, values := range a.Header {
		if _, wanted := want[name]; wanted {
			continue
		}
		if harm, ok := alarming[name]; ok {
			find(name, "added", "is not of the release: "+harm)
		} else if !slices.Contains(usual, name) && !(bare && name == "Cache-Control") {
			find(name, "added", "is not of the release")
		} else if what := judgeField(name, values, path, a.Status); what != "" {
			find(name, "value", what)
		}
	}
	for _, name := range a.Early {
		find(name, "early", "came before the answer, as an early hint")
	}
	for name := range a.Trailer {
		find(name, "trailer", "came behind the answer")
	}
}

// judgeField says what is wrong with the value of a usual field, "" for nothing.
func judgeField(name string, values []string, file string, status int) string {
	switch name {
	case "Content-Type":
		if len(values) != 1 {
			return "is there more than once"
		}
		return judgeType(values[0], file)
	case "Alt-Svc":
		// Another port of the same host; with a name it is another host.
		for _, v := range values {
			for part := range strings.SplitSeq(v, ",") {
				_, service, _ := strings.Cut(strings.TrimSpace(part), "=")
				if v != "clear" && !strings.HasPrefix(service, `":`) {
					return "names another host"
				}
			}
		}
	}
	return ""
}

// judgeType says whether a type is one by which browsers take the file for what
// it is.
func judgeType(value, file string) string {
	kind, parameters, err := mime.ParseMediaType(value)
	if err != nil {
		return "is no type"
	}
	for name, value := range parameters {
		if name != "charset" || !strings.EqualFold(value, "utf-8") {
			return "has another parameter than utf-8"
		}
	}
	want := map[string][]string{
		".html": {"text/html"}, ".js": {"text/javascript", "application/javascript"}, ".css": {"text/css"}, ".svg": {"image/svg+xml"},
		".wasm": {"application/wasm"}, ".json": {"application/json"}, ".txt": {"text/plain"}, ".png": {"image/png"},
		".webmanifest": {"application/manifest+json", "application/json"},
	}[path.Ext(file)]
	if file == "" {
		want = []string{"text/html"}
	}
	if want == nil {
		want = []string{"text/plain", "application/octet-stream", "binary/octet-stream"}
	}
	if !slices.Contains(want, kind) {
		return fmt.Sprintf("is not %s", want[0])
	}
	return ""
}

// Remark notes something that is no finding, once.
func (r *Report) Remark(text string) {
	if !slices.Contains(r.Remarks, text) {
		r.Remarks = append(r.Remarks, text)
	}
}

func where(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

package check_test

import (
	"net/http"
	"strings"

	"sealbook/verifier/check"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// fileLies are other bytes, for everybody.
func fileLies(honest release.Files) []lie {
	file, index := trust.File, at("index.html")
	var list []lie
	for _, path := range []string{"index.html", "404.html", "style.css", "worker/book.js", "sw.js", "core.wasm", "icon.svg", "NOTICE.txt", "SHA256SUMS"} {
		list = append(list, lie{"a bit of " + path, file, path, changed(at(path), flip)})
	}
	list = append(list,
		lie{"a bit of /", file, "index.html", changed(at(""), flip)},
		lie{"a blank at the end", file, "index.html", changed(index, and(" "))},
		lie{"a script", file, "index.html", changed(index, and("<script>1</script>"))},
		lie{"a script of another host", file, "index.html", changed(index, and(`<script src="//x.example/a.js"></script>`))},
		lie{"a handler", file, "index.html", changed(index, and(`<p onclick="1">`))},
		lie{"a base", file, "index.html", changed(index, and(`<base href="//x.example">`))},
		lie{"a refresh in the page", file, "index.html", changed(index, and(`<meta http-equiv="refresh" content="0;url=//x.example">`))},
		lie{"files swapped", file, "find.html", changed(at("find.html"), func([]byte) []byte { return honest["index.html"] })},
		lie{"an empty file", file, "style.css", changed(at("style.css"), func([]byte) []byte { return nil })},
		lie{"another sw.js", file, "sw.js", changed(at("sw.js"), func([]byte) []byte { return []byte("self.skipWaiting()") })},
		lie{"other bytes for a missing path", file, "404.html", changed(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/.well-known/") }, flip)},
	)
	return list
}

// statusLies are another status, or a redirect.
func statusLies(honest release.Files) []lie {
	status, index := check.Status, at("index.html")
	return []lie{
		{"a missing file", status, "style.css", raw("style.css", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404) })},
		{"an error", status, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500) })},
		{"a path that is not listed", status, "404.html", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
			if strings.HasSuffix(r.URL.Path, "/sw.js") && r.URL.Path != "/sw.js" {
				w.WriteHeader(200)
				return
			}
			h.ServeHTTP(w, r)
		}},
		{"a redirect to another host", status, "index.html", redirect(index, 302, func(*http.Request) string { return "https://x.example/" })},
		{"a redirect to another scheme", status, "index.html", redirect(index, 301, func(r *http.Request) string { return "https://" + r.Host + "/index.html" })},
		{"a redirect to another path", status, "index.html", redirect(index, 307, func(*http.Request) string { return "/find.html" })},
		{"a redirect nowhere", status, "sw.js", redirect(at("sw.js"), 303, func(*http.Request) string { return "" })},
		{"a redirect of missing paths", status, "404.html", redirect(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/.well-known/") }, 302, func(*http.Request) string { return "/" })},
		{"206 for who did not ask", status, "icon.svg", raw("icon.svg", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(206); w.Write(honest["icon.svg"]) })},
		{"304 for who was never there", status, "icon.svg", raw("icon.svg", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(304) })},
	}
}

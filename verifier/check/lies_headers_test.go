package check_test

import (
	"net/http"
	"strings"

	"sealbook/verifier/check"
)

// headerLies are header fields that are missing, others, too many, or come at
// another time.
func headerLies() []lie {
	header, index := check.Header, at("index.html")
	var list []lie
	everywhere := func(*http.Request) bool { return true }
	for _, h := range []struct {
		name string
		when func(*http.Request) bool
		do   func(http.Header)
	}{
		{"a policy weakened", index, set("Content-Security-Policy", "default-src *")},
		{"a policy missing", index, del("Content-Security-Policy")},
		{"a policy doubled", index, add("Content-Security-Policy", "default-src 'none'")},
		{"a policy of / missing", at(""), del("Content-Security-Policy")},
		{"a policy of sw.js weakened", at("sw.js"), set("Content-Security-Policy", "default-src 'none'; connect-src *")},
		{"a policy that only reports", index, add("Content-Security-Policy-Report-Only", "default-src 'none'; report-uri /r")},
		{"nosniff missing", at("style.css"), del("X-Content-Type-Options")},
		{"a cache for long", at("sw.js"), set("Cache-Control", "max-age=31536000")},
		{"Link", index, add("Link", "</x.js>; rel=preload")},
		{"Refresh", index, add("Refresh", "0; url=//x.example")},
		{"Set-Cookie", index, add("Set-Cookie", "a=b")},
		{"Clear-Site-Data", everywhere, add("Clear-Site-Data", `"storage"`)},
		{"Clear-Site-Data on a missing path", func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/.well-known/") }, add("Clear-Site-Data", `"storage"`)},
		{"NEL", index, add("NEL", `{"report_to":"x","max_age":1}`)},
		{"Report-To", index, add("Report-To", "{}")},
		{"Reporting-Endpoints", index, add("Reporting-Endpoints", `x="https://x.example"`)},
		{"Service-Worker-Allowed", at("sw.js"), add("Service-Worker-Allowed", "/")},
		{"SourceMap", at("worker/book.js"), add("SourceMap", "x.map")},
		{"Speculation-Rules", index, add("Speculation-Rules", `"/x.json"`)},
		{"Content-Disposition", index, add("Content-Disposition", "attachment")},
		{"a field nobody knows", index, add("X-Sealbook", "1")},
		{"Alt-Svc to another host", index, add("Alt-Svc", `h3="x.example:443"`)},
		{"a type for scripts", at("worker/book.js"), set("Content-Type", "text/html")},
		{"a type for pages", index, set("Content-Type", "text/plain")},
		{"another charset", index, set("Content-Type", "text/html; charset=utf-7")},
		{"two types", index, add("Content-Type", "text/plain")},
		{"a type for the module", at("core.wasm"), set("Content-Type", "text/javascript")},
		{"a header for the phone alone", both(index, has("User-Agent", "iPhone")), add("Set-Cookie", "a=b")},
		{"a header with 304 alone", func(r *http.Request) bool { return r.Header.Get("If-None-Match") != "" }, add("Clear-Site-Data", `"storage"`)},
		{"a header with the log alone", at("log/checkpoint"), add("Set-Cookie", "a=b")},
	} {
		list = append(list, lie{h.name, header, "", fields(h.when, h.do)})
	}
	list = append(list, lie{"early hints", header, "index.html", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
		if r.URL.Path == "/index.html" {
			w.Header().Set("Link", "</x.js>; rel=preload")
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Del("Link")
		}
		h.ServeHTTP(w, r)
	}}, lie{"a trailer", header, "index.html", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
		if r.URL.Path == "/index.html" {
			w.Header().Set("Trailer", "X-Late")
			defer w.Header().Set("X-Late", "1")
			fields(index, del("Content-Length"))(w, r, h)
			return
		}
		h.ServeHTTP(w, r)
	}})
	return list
}

package check_test

import (
	"net/http"
	"strings"
	"sync/atomic"

	"sealbook/wasm/trust"
)

// visitorLies are other bytes for some visitors.
func visitorLies() []lie {
	file, index := trust.File, at("index.html")
	var list []lie
	var visits atomic.Int64
	for _, v := range []struct {
		name string
		when func(*http.Request) bool
	}{
		{"for Chrome", has("Sec-Ch-Ua", "Chromium")},
		{"for a phone", has("User-Agent", "iPhone")},
		{"for a language", has("Accept-Language", "zh")},
		{"for who comes from an article", has("Referer", "article")},
		{"for who navigates", has("Sec-Fetch-Dest", "document")},
		{"for who wants a part", func(r *http.Request) bool { return r.Header.Get("Range") != "" }},
		{"for a query", func(r *http.Request) bool { return r.URL.RawQuery != "" }},
		{"for who has been there", func(r *http.Request) bool { return r.Header.Get("If-None-Match") != "" }},
		{"for whom no tool is", func(r *http.Request) bool { return !strings.HasPrefix(r.UserAgent(), "curl") }},
		{"from the third visit on", func(r *http.Request) bool { return visits.Add(1) > 2 }},
	} {
		list = append(list, lie{"other bytes " + v.name, file, "index.html", changed(both(index, v.when), flip)})
	}
	list = append(list,
		lie{"another sw.js for an update", file, "sw.js", changed(both(at("sw.js"), has("Service-Worker", "script")), flip)},
		lie{"other bytes for who has the cookie", file, "index.html", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
			changed(both(index, has("Cookie", "a=b")), flip)(&changing{ResponseWriter: w, change: add("Set-Cookie", "a=b")}, r, h)
		}},
	)
	return list
}

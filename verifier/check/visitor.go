package check

import (
	"net/http"
	"path"
	"strings"
)

// A Visitor is a kind of program that asks for a site: a server that answers
// differently to some is caught.
type Visitor struct {
	Name string
	// fields of a request for a path; before is what the same browser was told.
	fields func(path string, base string, before *Answer) http.Header
	again  bool // asks after another visit, with what that left behind
	query  bool // adds one to the address
	part   bool // may be answered by 206
}

// Plain is a program without any habits.
var Plain = Visitor{Name: "a plain program", fields: func(string, string, *Answer) http.Header {
	return http.Header{"User-Agent": {"curl/8.14.1"}, "Accept": {"*/*"}}
}}

var chrome = Visitor{Name: "Chrome", fields: func(p, base string, _ *Answer) http.Header { return chromeFields(p, base) }}

// Visitors are all kinds, in the order of the report.
var Visitors = []Visitor{
	Plain, chrome,
	{Name: "a phone", fields: func(p, base string, _ *Answer) http.Header {
		h := http.Header{
			"User-Agent":      {"Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1"},
			"Accept":          {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
			"Accept-Language": {"zh-CN,zh-Hans;q=0.9"}, "Accept-Encoding": {"gzip, deflate, br"},
			"Referer": {"https://www.example.com/article"},
		}
		h.Set("Sec-Fetch-Dest", destination(p))
		h.Set("Sec-Fetch-Mode", mode(p))
		h.Set("Sec-Fetch-Site", "cross-site")
		return h
	}},
	{Name: "a service worker", fields: func(p, base string, _ *Answer) http.Header {
		h := chromeFields(p, base)
		h.Set("Accept", "*/*")
		h.Set("Sec-Fetch-Dest", "empty")
		h.Set("Sec-Fetch-Mode", "cors")
		h.Set("Cache-Control", "max-age=0")
		if path.Base(p) == "sw.js" {
			h.Set("Service-Worker", "script")
			h.Set("Sec-Fetch-Dest", "serviceworker")
			h.Set("Sec-Fetch-Mode", "same-origin")
		}
		return h
	}},
	{Name: "one who comes back", again: true, fields: func(p, base string, before *Answer) http.Header {
		h := chromeFields(p, base)
		if before == nil {
			return h
		}
		if tag := before.Header.Get("ETag"); tag != "" {
			h.Set("If-None-Match", tag)
		}
		if at := before.Header.Get("Last-Modified"); at != "" {
			h.Set("If-Modified-Since", at)
		}
		var cookies []string
		for _, c := range (&http.Response{Header: before.Header}).Cookies() {
			cookies = append(cookies, c.Name+"="+c.Value)
		}
		if len(cookies) > 0 {
			h.Set("Cookie", strings.Join(cookies, "; "))
		}
		return h
	}},
	{Name: "one with a query", query: true, fields: chrome.fields},
	{Name: "one who wants a part", part: true, fields: func(p, base string, _ *Answer) http.Header {
		h := chromeFields(p, base)
		h.Set("Range", "bytes=0-")
		h.Del("Accept-Encoding") // of what the range is
		return h
	}},
}

func chromeFields(p, base string) http.Header {
	h := http.Header{
		"User-Agent":      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"},
		"Accept":          {"*/*"},
		"Accept-Language": {"en-GB,en;q=0.9"}, "Accept-Encoding": {"gzip, deflate, br, zstd"},
		"Sec-Fetch-Dest": {destination(p)}, "Sec-Fetch-Mode": {mode(p)}, "Sec-Fetch-Site": {"same-origin"},
	}
	h.Set("Sec-CH-UA", `"Chromium";v="156", "Google Chrome";v="156", "Not?A_Brand";v="24"`)
	h.Set("Sec-CH-UA-Mobile", "?0")
	h.Set("Sec-CH-UA-Platform", `"Windows"`)
	if mode(p) == "navigate" {
		h.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8")
		h.Set("Sec-Fetch-Site", "none")
		h.Set("Sec-Fetch-User", "?1")
		h.Set("Upgrade-Insecure-Requests", "1")
	} else {
		h.Set("Referer", base)
	}
	return h
}

// destination is what a browser wants a path for.
func destination(p string) string {
	switch ext := path.Ext(p); {
	case p == "" || ext == ".html":
		return "document"
	case ext == ".css":
		return "style"
	case ext == ".svg":
		return "image"
	}
	return "empty" // scripts too: workers come by fetch, with their hash
}

func mode(p string) string {
	switch destination(p) {
	case "document":
		return "navigate"
	case "style", "image":
		return "no-cors"
	}
	return "cors"
}

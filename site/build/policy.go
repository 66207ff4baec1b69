package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// policy is what pages are allowed, and the import map that pins each script.
type policy struct {
	importMap string
	content   string // Content-Security-Policy but for connect-src, as far as <meta> can say it
	notFound  string // the same for the page for missing paths, see notFound
}

// newPolicy reads which scripts there are. One map serves all pages, so that
// one header does.
func newPolicy(files folder) policy {
	pins := map[string]string{}
	for name, data := range files {
		if strings.HasSuffix(name, ".js") {
			pins["./"+name] = integrity(data)
		}
	}
	// Map keys come out sorted; "<" is escaped, so that no name could end the element.
	data, err := json.Marshal(map[string]any{"integrity": pins})
	if err != nil {
		panic(err) // strings always marshal
	}
	p := policy{importMap: string(data)}
	p.content = strings.Join([]string{
		"default-src 'none'",
		// 'self' until the page seals itself, which it does as soon as its
		// modules run: page/seal.js. blob: is for workers' modules.
		"script-src 'self' blob: 'wasm-unsafe-eval' '" + integrity([]byte(p.importMap)) + "'",
		"worker-src 'self' blob:",
		"style-src 'self'",
		"img-src data:", // the icon stands in the page itself
		"base-uri 'none'",
		"form-action 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types sealbook",
	}, "; ")
	return p
}

// of is a page's policies, which all hold. No page may connect to anything,
// except one with a door: to its own origin's /v1/ and nowhere else. As 'self'
// takes no path and a built file does not know its host, two policies say it
// together: the own origin, and of any host that path.
//
// That is what the file allows to be started with. The page shuts itself up as
// the others do once the one worker that is its door runs: page/seal.js.
func (p policy) of(made page) []string {
	if !made.door {
		return []string{p.content + "; connect-src 'none'"}
	}
	return []string{p.content + "; connect-src 'self'", "connect-src *:*/v1/"}
}

// features that browsers would give to a page by default, all of them off. A
// browser ignores those it does not know.
var features = []string{
	"accelerometer", "autoplay", "bluetooth",
	"browsing-topics", "camera", "captured-surface-control", "compute-pressure",
	"deferred-fetch", "deferred-fetch-minimal", "display-capture", "encrypted-media", "fullscreen",
	"gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection",
	"keyboard-map", "language-detector", "local-fonts",
	"magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture",
	"private-state-token-issuance", "private-state-token-redemption",
	"publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock",
	"serial", "speaker-selection", "storage-access",
	"summarizer", "sync-xhr", "translator", "unload", "usb", "web-share", "window-management", "xr-spatial-tracking",
}

// headers is the file _headers: what a host should send with each path. No
// field stands both under "/*" and under a path, since hosts differ in what
// they make of that.
func (p policy) headers(start string) []byte {
	var b strings.Builder
	b.WriteString("# Header fields for Cloudflare Pages, Netlify and package site.\n\n/*\n")
	off := make([]string, len(features))
	for i, f := range features {
		off[i] = f + "=()"
	}
	for _, field := range [][2]string{
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Embedder-Policy", "require-corp"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"X-DNS-Prefetch-Control", "off"},
		// The only field that browsers offer against WebRTC and navigation to
		// elsewhere: https://wicg.github.io/connection-allowlists/
		{"Connection-Allowlist", "(response-origin)"},
		{"Integrity-Policy", "blocked-destinations=(script)"},
		{"Permissions-Policy", strings.Join(off, ", ")},
		// Hosts and browsers may keep files, but ask before using them: a page
		// and its scripts are pinned to each other.
		{"Cache-Control", "no-cache"},
	} {
		fmt.Fprintf(&b, "  %s: %s\n", field[0], field[1])
	}
	for _, made := range pages {
		policies := p.of(made)
		policies[0] += "; frame-ancestors 'none'"
		document := strings.Join(policies, ", ")
		if made.name == start {
			rule(&b, "/", document)
		}
		rule(&b, "/"+made.name, document) // some hosts drop the ending
		rule(&b, "/"+made.name+".html", document)
	}
	rule(&b, "/404.html", p.notFound+"; frame-ancestors 'none'")
	// It may read the files it keeps from its own origin, nothing else.
	rule(&b, "/sw.js", "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'")
	return []byte(b.String())
}

func rule(b *strings.Builder, path, content string) {
	fmt.Fprintf(b, "\n%s\n  Content-Security-Policy: %s\n", path, content)
}

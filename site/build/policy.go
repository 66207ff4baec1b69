package main

import (
	"fmt"
	"strings"
)

// policy is what a page may do until it seals itself, which page/seal.js does
// as soon as what workers start from has arrived; from then on it may do next to nothing.
// Its own style and scripts stand in it and are named by their hashes: no engine
// takes another one, from whatever server. connect-src is for the modules and
// workers that the page fetches by their hashes.
func (p page) policy(style string, scripts ...string) []string {
	var hashes strings.Builder
	for _, script := range scripts {
		hashes.WriteString("'" + integrity([]byte(script)) + "' ")
	}
	return []string{strings.Join([]string{
		"default-src 'none'",
		"script-src " + hashes.String() + "'wasm-unsafe-eval'",
		"worker-src 'self' blob:",
		"connect-src 'self'",
		"style-src '" + integrity([]byte(style)) + "'",
		"img-src data:",             // the icon stands in the page itself
		"manifest-src 'self' data:", // see page/app.js
		"base-uri 'none'",
		"form-action 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types sealbook",
	}, "; ")}
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
func headers(pages []page, policies map[string][]string) []byte {
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
		// and what it loads are pinned to each other.
		{"Cache-Control", "no-cache"},
	} {
		fmt.Fprintf(&b, "  %s: %s\n", field[0], field[1])
	}
	for i, p := range pages {
		document := append([]string(nil), policies[p.name]...)
		ancestors := "'none'"
		if p.framed {
			ancestors = "*"
		}
		document[0] += "; frame-ancestors " + ancestors
		policy := strings.Join(document, ", ")
		if i == 0 {
			rule(&b, "/", policy)
		}
		rule(&b, "/"+p.name, policy) // some hosts drop the ending
		rule(&b, "/"+p.name+".html", policy)
	}
	rule(&b, "/"+notFound+".html", policies[notFound][0]+"; frame-ancestors 'none'")
	// It may read the files it keeps from its own origin, nothing else.
	rule(&b, "/sw.js", "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'")
	return []byte(b.String())
}

func rule(b *strings.Builder, path, content string) {
	fmt.Fprintf(b, "\n%s\n  Content-Security-Policy: %s\n", path, content)
}

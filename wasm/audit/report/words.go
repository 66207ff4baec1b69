package report

import (
	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
)

const (
	top1 = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Contacts in recorded traffic`
	top2 = `</title>
<style>
:root { color-scheme: light dark; --line: #8884; --strong: #a33; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; } h3 { margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td, code, pre { overflow-wrap: anywhere; } code, pre { font: 13px/1.4 ui-monospace, monospace; }
pre { white-space: pre-wrap; border: 1px solid var(--line); padding: .6rem; max-height: 40rem; overflow: auto; }
.verdict { font-size: 1.3rem; border-left: .4rem solid var(--line); padding: .5rem 1rem; } .found { border-color: var(--strong); }
svg { width: 100%; height: auto; } svg text { font: 15px system-ui, sans-serif; fill: currentColor; }
svg path { fill: none; stroke: var(--strong); stroke-opacity: .45; } svg path.maybe { stroke: #888; }
@media print { pre { max-height: none; } h2 { break-before: page; } }
</style>
</head>
<body>
<h1>Contacts in recorded traffic</h1>
`
	evidence = `
<h2>Evidence</h2>
<p>The recordings are attached. Their checksums show that they are the ones that were looked through.</p>
<table>
<tr><th>File</th><th>SHA-256</th><th>Bytes</th><th>Recorded by</th><th>Messages</th><th>First, last</th><th>Verdict</th></tr>
`
	method1 = `
<h2>Method</h2>
<p>Each recorded message was taken apart into path, query, header fields, cookies and body. In each part every number of the address book was looked for in all usual spellings, as an integer, and as a digest (MD5, SHA-1, SHA-2 and published recipes of platforms`
	method2 = `), also through compression and encodings around each other; “Where” names those that were undone, from the outside in. E-mail addresses and names were looked for too.</p>
<p>“Certain” is a number with its calling code, or 8 bytes or more of a digest. “Likely” is a national number of 9 digits or more that stands by itself, or an e-mail address. “Possible” may be chance and proves nothing. A digest of a phone number is personal data: there are so few phone numbers that each can be tried.</p>
<h3>Limits</h3>
<ul>
<li>What was not recorded cannot be found: traffic around the proxy, pinned certificates that refused it, other times.</li>
<li>What an app encrypts by itself inside a message cannot be read. Where that, a lost body or a missing key was seen, it is listed as not read.</li>
<li>Of responses only the number of findings is told.</li>
</ul>
<h3>To repeat it</h3>
<ol>
<li>Check the SHA-256 of each recording.</li>
<li>Choose the recordings and the same address book on the page “Audit a capture”, or run <code>verifier audit --contacts CONTACTS --region REGION `
	method3 = `</code>.</li>
<li>To record anew: add a contact that nobody else has, start the app in the state of consent above, and record until it has been used as described.</li>
</ol>
`
	appendix = `
<h2>Appendix: the requests</h2>
<p>As recorded, with what is no text as a hexadecimal dump. Bodies are cut at 4,096 bytes; responses are left out.</p>
`
)

// Explain says in words why something was not read, by its code.
func Explain(code string) string {
	for _, r := range reasons {
		if r[0] == code {
			return r[1]
		}
	}
	return code
}

var reasons = [...][2]string{
	{"BODY_MISSING", "the recording lost the body"},
	{"BODY_TRUNCATED", "the recording cut the body"},
	{"BODY_REPLACED", "the recorder replaced bytes"},
	{"BODY_STREAMED", "the recorder passed the body on without storing it"},
	{"BODY_DISCARDED", "the recorder left the body out"},
	{"FILE_MISSING", "the body is in a file that is not there"},
	{"FILE_OUTSIDE", "the body is in a file outside the capture's folder, which is not opened"},
	{"UNKNOWN_ENCODING", "an unknown encoding"},
	{"BROKEN_ENCODING", "a damaged encoding"},
	{"BROKEN_LAYER", "something packed inside a body is damaged"},
	{"TOO_LARGE", "larger than --max-body"},
	{"UNPACKS_TOO_LARGE", "unpacks to more than --max-unpacked"},
	{"UNPACKS_TOO_MUCH", "what is inside it unpacks to too much"},
	{"LAYERS_TOO_DEEP", "more layers around each other than --max-layers"},
	{"TOO_MANY_FINDINGS", "more findings than --max-findings; the rest was left out"},
	{"SALTS_LIMITED", "too many digest-shaped texts to try all salts on"},
	{"OPAQUE", "encrypted, or in a form that is not known"},
	{"ENCRYPTED", "a protocol that looks encrypted or packed"},
	{"NO_KEY", "TLS without a key"},
	{"UNSUPPORTED_TLS", "TLS of a kind that is not read"},
	{"BROKEN_TLS", "TLS that does not decrypt with its key"},
	{"QUIC", "QUIC, which is not read"},
	{"GAP", "packets are missing"},
	{"PACKET_TRUNCATED", "packets were cut"},
	{"MALFORMED", "not what the protocol says"},
	{"BUFFERED", "too many connections at once"},
	{"TRUNCATED", "the capture ends in the middle"},
	{"BAD_CAPTURE", "the capture is damaged"},
	{"TOO_DEEP", "nested deeper than --max-depth"},
	{"EXPORT_AS_HAR", "a format without public description: export as HAR"},
	{"PASSWORD", "encrypted with a password"},
	{"UNSUPPORTED_LINK", "a capture of a link type that is not read"},
	{"NO_FILE", "the file is not there, or not readable"},
}

// Unread sums up what was not read: a line a reason, with the first places.
func Unread(list []audit.Unreadable) []string {
	var order []string
	places := map[string][]*audit.Unreadable{}
	for i := range list {
		u := &list[i]
		if _, known := places[u.Reason]; !known {
			order = append(order, u.Reason)
			places[u.Reason] = nil
		}
		if u.Index >= 0 {
			places[u.Reason] = append(places[u.Reason], u)
		}
	}
	var out []string
	for _, reason := range order {
		h := html{}
		h.raw(Explain(reason)).raw(" (").raw(reason).raw(")")
		for i, u := range places[reason] {
			if i == 10 {
				h.raw(" and ").number(len(places[reason]) - i).raw(" more")
				break
			}
			h.raw([...]string{": ", ", "}[min(i, 1)])
			direction := capture.Request
			if u.Response {
				direction = capture.Response
			}
			h.raw(direction.String()).raw(" ").number(u.Index)
			if u.InStream > 0 {
				h.raw(".").number(u.InStream)
			}
		}
		out = append(out, string(h.to))
	}
	return out
}

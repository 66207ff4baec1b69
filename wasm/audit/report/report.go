// Package report writes what came of an audit as a page that stands for itself,
// fit to go with a complaint: which recordings, by their SHA-256, who received
// what, each request with its method, host, time and path, and the requests
// themselves. `verifier audit --html` and the page Audit a capture write it with
// this package, so it is the same from both.
//
// The requests are not kept while a capture is audited, for there may be many.
// They are read again:
//
//	page := report.Page{Book: &book, Captures: []*report.Capture{{Name: "app.har", …, Report: auditor.End()}}}
//	for _, c := range page.Captures {
//		if c.Wanted() {
//			… // read the capture once more, with c.Message for each message
//		}
//	}
//	text := page.Append(nil)
package report

import (
	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
)

// A Page is all that the report tells.
type Page struct {
	Book     *audit.Book
	Captures []*Capture
	Salts    int // that the user gave

	// As the user or the program states it; "" for nothing.
	App, Device, Consent string
	Made                 string // when, such as "2026-05-01 10:00 UTC"
	Tool                 string // by what
}

// A Capture is a recording and what came of it.
type Capture struct {
	Name   string // without folders
	SHA256 string // in hexadecimal
	Size   int64
	About  capture.About
	Report *audit.Report

	requests []*request // with findings, by Sent.Nth
	nth      int        // messages seen again
	next     int        // of requests
}

// A request is one with findings, and itself as it was recorded.
type request struct {
	id       int
	sent     *audit.Sent
	findings []*audit.Finding
	verbatim []byte
	cut      bool
}

// MostVerbatim is how many requests of a capture are shown as recorded.
const MostVerbatim = 1000

// Wanted reports whether the capture is to be read once more, for its requests.
func (c *Capture) Wanted() bool {
	c.gather()
	return len(c.requests) > 0
}

// gather sorts the findings of requests by request; they come in that order.
func (c *Capture) gather() {
	if c.requests != nil {
		return
	}
	c.requests = []*request{}
	for i := range c.Report.Findings {
		f := &c.Report.Findings[i]
		if f.Sent.Response {
			continue
		}
		n := len(c.requests)
		if n == 0 || c.requests[n-1].sent.Nth != f.Sent.Nth {
			c.requests = append(c.requests, &request{sent: f.Sent})
			n++
		}
		c.requests[n-1].findings = append(c.requests[n-1].findings, f)
	}
}

// Message takes each message of the capture again, in its order.
func (c *Capture) Message(m *capture.Message) {
	if c.next < len(c.requests) && c.next < MostVerbatim && c.requests[c.next].sent.Nth == c.nth {
		q := c.requests[c.next]
		q.verbatim, q.cut = verbatim(m)
		c.next++
	}
	c.nth++
}

// Contact is how a report names the contact of a finding.
func Contact(b *audit.Book, f *audit.Finding) string {
	if name := b.Name(f.Contact); name != "" {
		return name
	}
	if f.E164 != "" {
		return f.E164
	}
	return f.Value // an address of somebody without a name
}

// Append appends the report, HTML in UTF-8.
func (p *Page) Append(to []byte) []byte {
	h := html{to}
	found, unread, clean := false, false, true
	first, last := int64(0), int64(0)
	received, possible, id := 0, 0, 0
	hosts := map[string]bool{}
	for _, c := range p.Captures {
		c.gather()
		v := c.Report.Verdict()
		found = found || v == audit.Found
		clean = clean && v == audit.Clean
		unread = unread || len(c.Report.Unreadable) > 0
		if t := c.Report.First; t != 0 && (first == 0 || t < first) {
			first = t
		}
		last = max(last, c.Report.Last)
		for i := range c.Report.Findings {
			switch f := &c.Report.Findings[i]; {
			case f.Sent.Response:
				received++
			case f.Certainty == audit.Possible:
				possible++
			}
		}
		for _, q := range c.requests {
			id++
			q.id = id
			hosts[q.sent.Host] = true
		}
	}
	h.raw(top1)
	if p.App != "" {
		h.raw(": ").text(p.App)
	}
	h.raw(top2)
	switch {
	case found:
		h.raw(`<p class="verdict found"><strong>Found.</strong> Contacts of the address book left the device: `).count(id, "recorded request").raw(" with findings, to ").count(len(hosts), "host").raw(".")
		if unread {
			h.raw(" Something else could not be read.")
		}
		h.raw("</p>\n")
	case clean:
		h.raw(`<p class="verdict"><strong>Clean.</strong> No contact was found in what was sent, and all of it could be read.</p>` + "\n")
	default:
		h.raw(`<p class="verdict"><strong>Cannot tell.</strong> No contact was found, but part of what was recorded could not be read. That is not the same as clean.</p>` + "\n")
	}

	h.raw("\n<h2>Summary</h2>\n<table>\n")
	h.row("App", or(p.App, "not stated"))
	h.row("Device", or(p.Device, "not stated"))
	h.row("State of consent", or(p.Consent, "not stated"))
	for _, c := range p.Captures {
		for _, leaf := range leaves(c.About.Tweasel) {
			h.row(leaf[0]+", by the recording", leaf[1])
		}
	}
	h.raw("<tr><th>Address book</th><td>").count(p.Book.Contacts(), "person").raw(" with ").count(p.Book.Numbers(), "number").raw("</td></tr>\n")
	h.row("First and last message", or(Moment(first), "unknown")+" – "+or(Moment(last), "unknown"))
	h.raw("<tr><th>Requests with findings</th><td>").number(id)
	if possible > 0 {
		h.raw(", with ").count(possible, "finding").raw(" no more than possible")
	}
	h.raw("</td></tr>\n<tr><th>In responses</th><td>").count(received, "finding").raw(", which the app did not send, left out here</td></tr>\n")
	h.row("This report", "made "+or(p.Made, "at a time not stated")+" by "+or(p.Tool, "sealbook"))
	h.raw("</table>\n")

	h.raw(evidence)
	for _, c := range p.Captures {
		h.raw("<tr><td>").text(c.Name).raw("</td><td><code>").text(c.SHA256).raw("</code></td><td>").number(int(c.Size)).raw("</td><td>").text(c.About.Format + " " + c.About.Creator)
		h.raw("</td><td>").number(c.Report.Messages).raw("</td><td>").raw(Moment(c.Report.First)).raw("<br>").raw(Moment(c.Report.Last)).raw("</td><td><strong>").raw(c.Report.Verdict().String()).raw("</strong></td></tr>\n")
		for _, why := range Unread(c.Report.Unreadable) {
			h.raw(`<tr><td></td><td colspan="6">Not read: `).text(why).raw("</td></tr>\n")
		}
	}
	h.raw("</table>\n")

	if id > 0 {
		h.raw("\n<h2>Who received what</h2>\n")
		h.picture(Flows(p.Book, p.Captures))
		h.raw("\n<h2>What was sent</h2>\n")
		for _, c := range p.Captures {
			for _, q := range c.requests {
				h.request(p.Book, c, q)
			}
		}
	}
	h.raw(method1)
	if p.Salts > 0 {
		h.raw(", and ").count(p.Salts, "salt").raw(" that the user gave")
	}
	h.raw(method2)
	for _, c := range p.Captures {
		h.text(c.Name).raw(" ")
	}
	h.raw(method3)
	if id > 0 {
		h.raw(appendix)
		for _, c := range p.Captures {
			for i, q := range c.requests {
				if i == MostVerbatim {
					h.raw("<p>").count(len(c.requests)-i, "further request").raw(" of ").text(c.Name).raw(" left out.</p>\n")
					break
				}
				h.raw(`<h3 id="v`).number(q.id).raw(`"><a href="#r`).number(q.id).raw(`">`).number(q.id).raw(".</a> ").text(c.Name).raw(", request ").number(q.sent.Index).raw("</h3>\n<pre>")
				h.text(string(q.verbatim)).raw("</pre>")
				if q.cut {
					h.raw("<p>Cut.</p>")
				}
				h.raw("\n")
			}
		}
	}
	h.raw("</body>\n</html>\n")
	return h.to
}

// request writes one request and what was found in it.
func (h *html) request(b *audit.Book, c *Capture, q *request) {
	s := q.sent
	h.raw(`<h3 id="r`).number(q.id).raw(`">`).number(q.id).raw(". ").text(s.Method + " " + or(s.Host, "unknown host")).raw("</h3>\n<table>\n")
	h.row("Time", or(Moment(s.Time), "unknown"))
	h.row("Method, host", s.Method+" "+s.Host)
	h.raw("<tr><th>Path</th><td><code>").text(s.Target).raw("</code></td></tr>\n<tr><th>In</th><td>").text(c.Name).raw(", request ").number(s.Index)
	if s.InStream > 0 {
		h.raw(", number ").number(s.InStream).raw(" in its connection")
	}
	if q.verbatim != nil {
		h.raw(`; <a href="#v`).number(q.id).raw(`">the request itself</a>`)
	}
	h.raw("</td></tr>\n</table>\n<table>\n<tr><th>Contact</th><th>Number</th><th>Sent as</th><th>Value</th><th>Where</th><th>Certainty</th></tr>\n")
	for _, f := range q.findings {
		h.raw("<tr><td>").text(Contact(b, f)).raw("</td><td>").text(f.E164).raw("</td><td>").raw(f.Kind.String())
		if f.Recipe != "" {
			h.raw(": ").text(f.Recipe)
		}
		h.raw("</td><td><code>").text(f.Value).raw("</code><br><small>… ").text(string(f.Context)).raw(" …</small></td><td>").text(f.Location)
		for _, step := range f.Chain {
			h.raw(" › ").text(step)
		}
		h.raw(", bytes ").number(f.Start).raw("–").number(f.End).raw("</td><td>").raw(f.Certainty.String()).raw("</td></tr>\n")
	}
	h.raw("</table>\n")
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

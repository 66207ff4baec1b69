package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sealbook/wasm/audit"
)

// A flow is what of whom went to one host.
type flow struct {
	Contact, Host string
	Certain       int // findings by certainty
	Likely        int
	Possible      int
	Requests      map[int]bool // by place in their capture
}

// flows sums up what was sent, by contact and host, most first. Responses do not
// count.
func (w *auditWriter) flows() []*flow {
	by := map[[2]string]*flow{}
	var list []*flow
	for k, c := range w.all {
		for i := range c.Report.Findings {
			f := &c.Report.Findings[i]
			if f.Sent.Response {
				continue
			}
			key := [2]string{w.contact(f), cmp.Or(f.Sent.Host, "(unknown host)")}
			x := by[key]
			if x == nil {
				x = &flow{Contact: key[0], Host: key[1], Requests: map[int]bool{}}
				by[key] = x
				list = append(list, x)
			}
			switch f.Certainty {
			case audit.Certain:
				x.Certain++
			case audit.Likely:
				x.Likely++
			default:
				x.Possible++
			}
			x.Requests[k<<32|f.Sent.Nth] = true
		}
	}
	slices.SortStableFunc(list, func(a, b *flow) int {
		return cmp.Or(cmp.Compare(b.Certain+b.Likely, a.Certain+a.Likely), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Contact, b.Contact))
	})
	return list
}

// text is the report for a terminal.
func (w *auditWriter) text() (string, error) {
	var b []byte
	for _, c := range w.all {
		b = fmt.Appendf(b, "%-12s", c.Report.Verdict())
		b = appendVisible(b, []byte(c.Name))
		b = fmt.Appendf(b, "  %s", plural(c.Report.Messages, "message"))
		sent, received, possible := 0, 0, 0
		for i := range c.Report.Findings {
			switch f := &c.Report.Findings[i]; {
			case f.Certainty == audit.Possible:
				possible++
			case f.Sent.Response:
				received++
			default:
				sent++
			}
		}
		b = fmt.Appendf(b, ", %s sent, %d received, %d no more than possible\n", plural(sent, "finding"), received, possible)
		for _, u := range summary(c.Report.Unreadable) {
			b = fmt.Appendf(b, "            not read: %s\n", u)
		}
	}
	flows := w.flows()
	if len(flows) > 0 {
		b = append(b, "\nWho received what:\n"...)
		for _, group := range []struct {
			title string
			key   func(*flow) string
			of    func(*flow) string
		}{
			{"host", func(f *flow) string { return f.Host }, func(f *flow) string { return f.Contact }},
			{"contact", func(f *flow) string { return f.Contact }, func(f *flow) string { return f.Host }},
		} {
			b = fmt.Appendf(b, " by %s\n", group.title)
			var keys []string
			sums, of := map[string]*flow{}, map[string][]string{}
			for _, f := range flows {
				k := group.key(f)
				if sums[k] == nil {
					sums[k] = new(flow)
					keys = append(keys, k)
				}
				sums[k].Certain += f.Certain
				sums[k].Likely += f.Likely
				sums[k].Possible += f.Possible
				of[k] = append(of[k], group.of(f))
			}
			for _, k := range keys {
				b = appendVisible(append(b, "  "...), []byte(k))
				x := sums[k]
				b = fmt.Appendf(b, ": %d certain, %d likely, %d possible (", x.Certain, x.Likely, x.Possible)
				names := of[k]
				more := ""
				if len(names) > 8 {
					names, more = names[:8], fmt.Sprintf(" and %d more", len(of[k])-8)
				}
				b = appendVisible(b, []byte(strings.Join(names, ", ")))
				b = append(b, more+")\n"...)
			}
		}
	}
	for _, c := range w.all {
		for i := range c.Report.Findings {
			b = w.detail(b, c, &c.Report.Findings[i])
		}
	}
	return string(b), nil
}

// detail is one finding.
func (w *auditWriter) detail(b []byte, c *audited, f *audit.Finding) []byte {
	field := func(name, text string) {
		if text != "" {
			b = append(appendVisible(fmt.Appendf(b, "  %-9s ", name), []byte(text)), '\n')
		}
	}
	b = fmt.Appendf(b, "\n%s %s: ", f.Certainty, f.Kind)
	b = append(appendVisible(b, []byte(w.contact(f))), '\n')
	field("number", f.E164)
	field("value", f.Value)
	field("how", f.Recipe)
	field("in", strings.Join(append([]string{f.Location}, f.Chain...), " > ")+fmt.Sprintf(", bytes %d to %d", f.Start, f.End))
	where := fmt.Sprintf("%s, %s %d", c.Name, direction(f.Sent.Response), f.Sent.Index)
	if f.Sent.InStream > 0 {
		where += fmt.Sprintf(", number %d in its connection", f.Sent.InStream)
	}
	field("capture", where)
	field("request", strings.TrimSpace(f.Sent.Method+" "+f.Sent.Host+" "+cut(f.Sent.Target, 120)))
	field("time", moment(f.Sent.Time))
	field("context", string(f.Context))
	return b
}

// cut shortens a text.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// reasons explain why something was not read.
var reasons = map[string]string{
	"BODY_MISSING":      "the recording lost the body",
	"BODY_TRUNCATED":    "the recording cut the body",
	"BODY_REPLACED":     "the recorder replaced bytes",
	"BODY_STREAMED":     "the recorder passed the body on without storing it",
	"BODY_DISCARDED":    "the recorder left the body out",
	"FILE_MISSING":      "the body is in a file that is not there",
	"FILE_OUTSIDE":      "the body is in a file outside the capture's folder, which is not opened",
	"UNKNOWN_ENCODING":  "an unknown encoding",
	"BROKEN_ENCODING":   "a damaged encoding",
	"BROKEN_LAYER":      "something packed inside a body is damaged",
	"TOO_LARGE":         "larger than --max-body",
	"UNPACKS_TOO_LARGE": "unpacks to more than --max-unpacked",
	"UNPACKS_TOO_MUCH":  "what is inside it unpacks to too much",
	"LAYERS_TOO_DEEP":   "more layers around each other than --max-layers",
	"TOO_MANY_FINDINGS": "more findings than --max-findings; the rest was left out",
	"SALTS_LIMITED":     "too many digest-shaped texts to try all salts on",
	"OPAQUE":            "encrypted, or in a form that is not known",
	"NO_KEY":            "TLS without a key",
	"UNSUPPORTED_TLS":   "TLS of a kind that is not read",
	"BROKEN_TLS":        "TLS that does not decrypt with its key",
	"QUIC":              "QUIC, which is not read",
	"GAP":               "packets are missing",
	"PACKET_TRUNCATED":  "packets were cut",
	"MALFORMED":         "not what the protocol says",
	"BUFFERED":          "too many connections at once",
	"TRUNCATED":         "the capture ends in the middle",
	"BAD_CAPTURE":       "the capture is damaged",
	"TOO_DEEP":          "nested deeper than --max-depth",
	"EXPORT_AS_HAR":     "a format without public description: export as HAR",
	"PASSWORD":          "encrypted with a password",
	"UNSUPPORTED_LINK":  "a capture of a link type that is not read",
	"NO_FILE":           "the file is not there, or not readable",
}

// summary sums up what was not read, by reason.
func summary(list []audit.Unreadable) []string {
	var order []string
	places := map[string][]string{}
	for _, u := range list {
		if _, known := places[u.Reason]; !known {
			order = append(order, u.Reason)
			places[u.Reason] = nil
		}
		if u.Index >= 0 {
			where := fmt.Sprintf("%s %d", direction(u.Response), u.Index)
			if u.InStream > 0 {
				where += fmt.Sprintf(".%d", u.InStream)
			}
			places[u.Reason] = append(places[u.Reason], where)
		}
	}
	var out []string
	for _, r := range order {
		text := cmp.Or(reasons[r], r) + " (" + r + ")"
		if p := places[r]; len(p) > 0 {
			more := ""
			if len(p) > 10 {
				p, more = p[:10], fmt.Sprintf(" and %d more", len(p)-10)
			}
			text += ": " + strings.Join(p, ", ") + more
		}
		out = append(out, text)
	}
	return out
}

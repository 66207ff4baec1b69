package main

import (
	"fmt"
	"strings"

	"sealbook/wasm/audit"
	"sealbook/wasm/audit/report"
)

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
		for _, u := range report.Unread(c.Report.Unreadable) {
			b = fmt.Appendf(b, "            not read: %s\n", u)
		}
	}
	flows := report.Flows(w.book, w.captures())
	if len(flows) > 0 {
		b = append(b, "\nWho received what:\n"...)
		for _, group := range []struct {
			title string
			key   func(*report.Flow) string
			of    func(*report.Flow) string
		}{
			{"host", func(f *report.Flow) string { return f.Host }, func(f *report.Flow) string { return f.Contact }},
			{"contact", func(f *report.Flow) string { return f.Contact }, func(f *report.Flow) string { return f.Host }},
		} {
			b = fmt.Appendf(b, " by %s\n", group.title)
			var keys []string
			sums, of := map[string]*report.Flow{}, map[string][]string{}
			for _, f := range flows {
				k := group.key(f)
				if sums[k] == nil {
					sums[k] = new(report.Flow)
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
	b = append(appendVisible(b, []byte(report.Contact(w.book, f))), '\n')
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
	field("time", report.Moment(f.Sent.Time))
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

package report

import (
	"slices"

	"sealbook/wasm/audit"
)

// A Flow is what of one contact went to one host.
type Flow struct {
	Contact, Host             string
	Certain, Likely, Possible int // findings
}

// Flows sums up what was sent, by contact and host, most first. Responses do not
// count.
func Flows(b *audit.Book, captures []*Capture) []*Flow {
	by := map[[2]string]*Flow{}
	var list []*Flow
	for _, c := range captures {
		for i := range c.Report.Findings {
			f := &c.Report.Findings[i]
			if f.Sent.Response {
				continue
			}
			key := [2]string{Contact(b, f), or(f.Sent.Host, "(unknown host)")}
			x := by[key]
			if x == nil {
				x = &Flow{Contact: key[0], Host: key[1]}
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
		}
	}
	slices.SortStableFunc(list, func(a, b *Flow) int {
		switch more := b.Certain + b.Likely - a.Certain - a.Likely; {
		case more != 0:
			return more
		case a.Host != b.Host:
			return compare(a.Host, b.Host)
		}
		return compare(a.Contact, b.Contact)
	})
	return list
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// picture draws contacts on the left, hosts on the right, and a band for what
// each received, the wider the more.
func (h *html) picture(flows []*Flow) {
	const most = 40 // bands; the tables have all
	all := len(flows)
	flows = flows[:min(all, most)]
	place := func(list []string, name string) ([]string, int) {
		if i := slices.Index(list, name); i >= 0 {
			return list, i
		}
		return append(list, name), len(list)
	}
	var contacts, hosts []string
	for _, f := range flows {
		contacts, _ = place(contacts, f.Contact)
		hosts, _ = place(hosts, f.Host)
	}
	height := 30*max(len(contacts), len(hosts)) + 20
	y := func(i, n int) int { return 10 + (2*i+1)*(height-20)/(2*n) }
	h.raw(`<svg viewBox="0 0 900 `).number(height).raw(`" role="img" aria-label="Which contact went to which host">`)
	for _, f := range flows {
		a, z := y(slices.Index(contacts, f.Contact), len(contacts)), y(slices.Index(hosts, f.Host), len(hosts))
		class := "sure"
		if f.Certain+f.Likely == 0 {
			class = "maybe"
		}
		h.raw(`<path class="`).raw(class).raw(`" stroke-width="`).number(min(2+f.Certain+f.Likely, 14)).raw(`" d="M310 `).number(a).raw(" C450 ").number(a).raw(" 450 ").number(z).raw(" 590 ").number(z)
		h.raw(`"><title>`).text(f.Contact).raw(" → ").text(f.Host).raw(": ").count(f.Certain+f.Likely+f.Possible, "finding").raw("</title></path>")
	}
	for i, c := range contacts {
		h.raw(`<text x="300" y="`).number(y(i, len(contacts)) + 5).raw(`" text-anchor="end">`).text(cut(c, 36)).raw("</text>")
	}
	for i, host := range hosts {
		h.raw(`<text x="600" y="`).number(y(i, len(hosts)) + 5).raw(`">`).text(cut(host, 36)).raw("</text>")
	}
	h.raw("</svg>\n")
	if all > most {
		h.raw("<p>The ").number(most).raw(" widest of ").number(all).raw(" bands.</p>\n")
	}
}

// cut shortens a text to some letters.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}

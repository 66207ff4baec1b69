package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
	capturefile "sealbook/wasm/capture/file"
	"sealbook/wasm/number"
)

//go:embed audit.html
var auditPage string

// A report is what audit.html shows.
type report struct {
	Made                        string
	App, Device, Consent        string
	Tweasel                     []labelled
	Tool                        string
	Contacts, Numbers           int
	Captures                    []reportCapture
	Sent                        []*reportRequest
	Received                    int
	Possible                    int
	Picture                     template.HTML
	Salts                       int
	Found, CannotTell, AllClean bool
	First, Last                 string
	Hosts                       []string
}

type labelled struct{ Label, Text string }

type reportCapture struct {
	*audited
	Verdict     string
	First, Last string
	Unread      []string
}

// A reportRequest is a request with findings, and the request itself.
type reportRequest struct {
	ID       int
	File     string
	Where    string
	Sent     *audit.Sent
	Time     string
	Findings []reportFinding
	Verbatim string
	Cut      bool
}

type reportFinding struct {
	*audit.Finding
	Name  string
	Steps string
	Text  string // context
}

const longestVerbatim = 4096 // bytes of a body

// writeHTML writes the report for a complaint. The requests themselves are read
// from the captures once more.
func (w *auditWriter) writeHTML(to io.Writer) error {
	r := &report{
		Made: time.Now().UTC().Format("2006-01-02 15:04 MST"), App: w.app, Device: w.device, Consent: w.consent,
		Tool:     fmt.Sprintf("sealbook verifier audit (%s, %s/%s, metadata of libphonenumber %s)", runtime.Version(), runtime.GOOS, runtime.GOARCH, number.MetadataVersion),
		Contacts: w.book.Contacts(), Numbers: w.book.Numbers(), Salts: len(w.salts), AllClean: true,
	}
	first, last := int64(0), int64(0)
	for _, c := range w.all {
		v := c.Report.Verdict()
		r.Found = r.Found || v == audit.Found
		r.CannotTell = r.CannotTell || v == audit.CannotTell || len(c.Report.Unreadable) > 0
		r.AllClean = r.AllClean && v == audit.Clean
		r.Captures = append(r.Captures, reportCapture{c, v.String(), moment(c.Report.First), moment(c.Report.Last), summary(c.Report.Unreadable)})
		if t := c.Report.First; t != 0 && (first == 0 || t < first) {
			first = t
		}
		last = max(last, c.Report.Last)
		r.Tweasel = append(r.Tweasel, tweasel(c.About.Tweasel)...)
		requests := map[int]*reportRequest{}
		for i := range c.Report.Findings {
			f := &c.Report.Findings[i]
			if f.Sent.Response {
				r.Received++
				continue
			}
			if f.Certainty == audit.Possible {
				r.Possible++
			}
			q := requests[f.Sent.Nth]
			if q == nil {
				q = &reportRequest{ID: len(r.Sent) + 1, File: c.Name, Sent: f.Sent, Time: cmp.Or(moment(f.Sent.Time), "unknown"), Where: fmt.Sprintf("request %d", f.Sent.Index)}
				requests[f.Sent.Nth] = q
				r.Sent = append(r.Sent, q)
				if host := cmp.Or(f.Sent.Host, "(unknown host)"); !slices.Contains(r.Hosts, host) {
					r.Hosts = append(r.Hosts, host)
				}
			}
			q.Findings = append(q.Findings, reportFinding{f, w.contact(f), strings.Join(append([]string{f.Location}, f.Chain...), " › "), shown(f.Context)})
		}
		if len(requests) == 0 {
			continue
		}
		nth := 0
		capturefile.Read(c.path, w.capture, func(m *capture.Message) {
			if q := requests[nth]; q != nil {
				q.Verbatim, q.Cut = verbatim(m)
			}
			nth++
		}, nil)
	}
	r.First, r.Last = moment(first), moment(last)
	r.Picture = picture(w.flows())
	t, err := template.New("report").Parse(auditPage)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, r); err != nil {
		return err
	}
	_, err = to.Write(b.Bytes())
	return err
}

// shown is text of a capture, with what is none as \x00.
func shown(p []byte) string { return string(appendVisible(nil, p)) }

// verbatim is a request as it was recorded: its line, its header, and its body,
// what is no text as a hexadecimal dump; the body is cut at 4,096 bytes.
func verbatim(m *capture.Message) (text string, cut bool) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", m.Method, m.Target)
	for _, f := range m.Header {
		fmt.Fprintf(&b, "%s: %s\n", shown(f.Name), shown(f.Value))
	}
	room := longestVerbatim
	for i := range m.Parts {
		p := &m.Parts[i]
		switch p.Place {
		case capture.Body, capture.BodyPart, capture.WebSocketMsg:
		default:
			continue
		}
		body := p.Bytes
		if len(body) > room {
			body, cut = body[:room], true
		}
		room -= len(body)
		head := p.Location()
		if len(p.Chain) > 0 {
			head += ", after " + strings.Join(p.Chain, ", ")
		}
		fmt.Fprintf(&b, "\n[%s, %s]\n", head, plural(len(p.Bytes), "byte"))
		if printable(body) {
			b.Write(body)
		} else {
			b.WriteString(hex.Dump(body))
		}
		b.WriteByte('\n')
	}
	return b.String(), cut
}

// printable reports whether bytes are text, but for a letter cut at the end.
func printable(p []byte) bool {
	for i := 0; i < len(p); {
		c, n := utf8.DecodeRune(p[i:])
		if c == utf8.RuneError && n == 1 && (i+4 <= len(p) || utf8.FullRune(p[i:])) || c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
		i += n
	}
	return true
}

// tweasel reads what tweasel's tools say of app, device and themselves.
func tweasel(p []byte) (out []labelled) {
	var t struct {
		StartDate string
		EndDate   string
		Device    map[string]any
		Apps      []struct{ ID, Name, Version, VersionCode, Platform string }
		Versions  map[string]string
	}
	if len(p) == 0 || json.Unmarshal(p, &t) != nil {
		return nil
	}
	for _, a := range t.Apps {
		out = append(out, labelled{"App", strings.TrimSpace(a.Name + " " + a.Version + " (" + a.ID + ", " + strings.TrimSpace(a.VersionCode+" "+a.Platform) + ")")})
	}
	var parts []string
	for k, v := range t.Device {
		parts = append(parts, fmt.Sprintf("%s %v", k, v))
	}
	slices.Sort(parts)
	if len(parts) > 0 {
		out = append(out, labelled{"Device", strings.Join(parts, ", ")})
	}
	parts = nil
	for k, v := range t.Versions {
		parts = append(parts, k+" "+v)
	}
	slices.Sort(parts)
	if len(parts) > 0 {
		out = append(out, labelled{"Recorded with", strings.Join(parts, ", ")})
	}
	if t.StartDate != "" {
		out = append(out, labelled{"Recorded", t.StartDate + " to " + t.EndDate})
	}
	return out
}

// picture draws contacts on the left, hosts on the right, and a band for what
// each received, as wide as the number of findings.
func picture(flows []*flow) template.HTML {
	const most = 40 // bands; the table has all
	if len(flows) == 0 {
		return ""
	}
	left, right := map[string]int{}, map[string]int{}
	var contacts, hosts []string
	for _, f := range flows[:min(len(flows), most)] {
		if _, ok := left[f.Contact]; !ok {
			left[f.Contact] = len(contacts)
			contacts = append(contacts, f.Contact)
		}
		if _, ok := right[f.Host]; !ok {
			right[f.Host] = len(hosts)
			hosts = append(hosts, f.Host)
		}
	}
	height := 30*max(len(contacts), len(hosts)) + 20
	y := func(i, n int) int { return 10 + (2*i+1)*(height-20)/(2*n) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 900 %d" role="img" aria-label="Which contact went to which host">`, height)
	for _, f := range flows[:min(len(flows), most)] {
		a, z := y(left[f.Contact], len(contacts)), y(right[f.Host], len(hosts))
		class := "sure"
		if f.Certain+f.Likely == 0 {
			class = "maybe"
		}
		fmt.Fprintf(&b, `<path class="%s" stroke-width="%d" d="M310 %d C450 %d 450 %d 590 %d"><title>%s → %s: %s</title></path>`, class, min(2+f.Certain+f.Likely, 14),
			a, a, z, z, template.HTMLEscapeString(f.Contact), template.HTMLEscapeString(f.Host), plural(f.Certain+f.Likely+f.Possible, "finding"))
	}
	for i, c := range contacts {
		fmt.Fprintf(&b, `<text x="300" y="%d" text-anchor="end">%s</text>`, y(i, len(contacts))+5, template.HTMLEscapeString(cut(c, 40)))
	}
	for i, h := range hosts {
		fmt.Fprintf(&b, `<text x="600" y="%d">%s</text>`, y(i, len(hosts))+5, template.HTMLEscapeString(cut(h, 40)))
	}
	b.WriteString("</svg>")
	if len(flows) > most {
		fmt.Fprintf(&b, "<p>The %d widest of %d bands.</p>", most, len(flows))
	}
	return template.HTML(b.String())
}

package main

import (
	"bytes"
	"encoding/json"

	"sealbook/wasm/audit"
	"sealbook/wasm/audit/report"
)

// What --json writes.
type (
	auditObject struct {
		Version    int               `json:"version"`
		Captures   []auditedFile     `json:"captures"`
		Findings   []auditFinding    `json:"findings"`
		Unreadable []auditUnreadable `json:"unreadable"`
		Verdicts   map[string]string `json:"verdicts"`
	}
	auditedFile struct {
		File   string `json:"file"`
		SHA256 string `json:"sha256"`
	}
	auditFinding struct {
		File      string   `json:"file"`
		Index     int      `json:"request_index"`
		InStream  *int     `json:"request_in_stream,omitempty"`
		Direction string   `json:"direction"`
		Contact   string   `json:"contact"`
		E164      *string  `json:"e164"`
		Kind      string   `json:"kind"`
		Value     string   `json:"value"`
		Certainty string   `json:"certainty"`
		Location  string   `json:"location"`
		Chain     []string `json:"chain"`
		Start     int      `json:"start"`
		End       int      `json:"end"`
		Recipe    *string  `json:"recipe"`
		Context   string   `json:"context"`
		Method    string   `json:"method"`
		Host      string   `json:"host"`
		Target    string   `json:"target"`
		Time      *string  `json:"time"`
	}
	auditUnreadable struct {
		File     string `json:"file"`
		Index    *int   `json:"request_index"`
		InStream *int   `json:"request_in_stream,omitempty"`
		Reason   string `json:"reason"`
	}
)

// object is what --json writes.
func (w *auditWriter) object() *auditObject {
	o := &auditObject{Version: 1, Captures: []auditedFile{}, Findings: []auditFinding{}, Unreadable: []auditUnreadable{}, Verdicts: map[string]string{}}
	rank := map[string]int{"": -1, audit.Clean.String(): 0, audit.CannotTell.String(): 1, audit.Found.String(): 2}
	for _, c := range w.all {
		o.Captures = append(o.Captures, auditedFile{c.Name, c.SHA256})
		streams := c.About.Format == "pcap" || c.About.Format == "pcapng"
		for i := range c.Report.Findings {
			f := &c.Report.Findings[i]
			j := auditFinding{
				File: c.Name, Index: f.Sent.Index, Direction: direction(f.Sent.Response), Contact: valid(report.Contact(w.book, f)), E164: optional(f.E164),
				Kind: f.Kind.String(), Value: valid(f.Value), Certainty: f.Certainty.String(), Location: valid(f.Location), Chain: f.Chain, Start: f.Start, End: f.End,
				Recipe: optional(f.Recipe), Context: valid(string(f.Context)),
				Method: valid(f.Sent.Method), Host: valid(f.Sent.Host), Target: valid(f.Sent.Target), Time: optional(report.Moment(f.Sent.Time)),
			}
			if j.Chain == nil {
				j.Chain = []string{}
			}
			if streams {
				j.InStream = &f.Sent.InStream
			}
			o.Findings = append(o.Findings, j)
		}
		for i := range c.Report.Unreadable {
			u := &c.Report.Unreadable[i]
			j := auditUnreadable{File: c.Name, Reason: u.Reason}
			if u.Index >= 0 {
				j.Index = &u.Index
				if streams {
					j.InStream = &u.InStream
				}
			}
			o.Unreadable = append(o.Unreadable, j)
		}
		if v := c.Report.Verdict().String(); rank[v] > rank[o.Verdicts[c.Name]] || o.Verdicts[c.Name] == "" {
			o.Verdicts[c.Name] = v
		}
	}
	return o
}

func (w *auditWriter) json() (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(w.object()); err != nil {
		return "", err
	}
	return b.String(), nil
}

// valid writes bytes that are no UTF-8 as U+FFFD, each, as the page does.
func valid(s string) string { return string([]rune(s)) }

func direction(response bool) string {
	if response {
		return "response"
	}
	return "request"
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

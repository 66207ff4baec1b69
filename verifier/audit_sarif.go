package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"

	"sealbook/wasm/audit"
	"sealbook/wasm/audit/report"
)

// writeSARIF writes SARIF 2.1.0, which continuous integration shows beside the
// code: findings that make a capture "found" are errors, others notes, and what
// could not be read is a warning. The captures are its artifacts, with checksums.
func (w *auditWriter) writeSARIF(to io.Writer) error {
	type object = map[string]any
	text := func(s string) object { return object{"text": s} }
	rules := []object{
		{"id": "contact-number", "shortDescription": text("A contact's phone number was sent")},
		{"id": "contact-digest", "shortDescription": text("A digest of a contact was sent: personal data like the number itself")},
		{"id": "contact-name", "shortDescription": text("A contact's name was sent")},
		{"id": "contact-email", "shortDescription": text("A contact's e-mail address was sent")},
		{"id": "unreadable", "shortDescription": text("Part of the capture could not be read")},
	}
	results := []object{}
	place := func(c *audited, index int, part string) []object {
		at := object{"physicalLocation": object{"artifactLocation": object{"uri": c.Name}}}
		if index >= 0 { // else it is the capture as a whole
			at["logicalLocations"] = []object{{"fullyQualifiedName": fmt.Sprintf("message %d, %s", index, part)}}
		}
		return []object{at}
	}
	artifacts := []object{}
	for _, c := range w.all {
		artifact := object{"location": object{"uri": c.Name}, "properties": object{"verdict": c.Report.Verdict().String()}}
		if c.SHA256 != "" {
			artifact["length"], artifact["hashes"] = c.Size, object{"sha-256": c.SHA256}
		}
		artifacts = append(artifacts, artifact)
		for i := range c.Report.Findings {
			f := &c.Report.Findings[i]
			level := "note"
			if f.Certainty >= audit.Likely && !f.Sent.Response {
				level = "error"
			}
			results = append(results, object{
				"ruleId": "contact-" + f.Kind.String(), "level": level,
				"message":    text(fmt.Sprintf("%s: %s %s of %s in the %s of message %d, host %s", f.Certainty, direction(f.Sent.Response), f.Kind, report.Contact(w.book, f), f.Location, f.Sent.Index, cmp.Or(f.Sent.Host, "unknown"))),
				"locations":  place(c, f.Sent.Index, f.Location),
				"properties": object{"certainty": f.Certainty.String(), "chain": f.Chain, "start": f.Start, "end": f.End, "direction": direction(f.Sent.Response)},
			})
		}
		for i := range c.Report.Unreadable {
			u := &c.Report.Unreadable[i]
			results = append(results, object{
				"ruleId": "unreadable", "level": "warning",
				"message":   text(report.Explain(u.Reason) + " (" + u.Reason + ")"),
				"locations": place(c, u.Index, direction(u.Response)),
			})
		}
	}
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(object{
		"version": "2.1.0",
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"runs": []object{{
			"tool":        object{"driver": object{"name": "verifier audit", "rules": rules}},
			"invocations": []object{{"executionSuccessful": true}},
			"artifacts":   artifacts, "results": results,
		}},
	})
}

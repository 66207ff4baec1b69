package main

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"sealbook/wasm/audit/report"
	"sealbook/wasm/capture"
	capturefile "sealbook/wasm/capture/file"
	"sealbook/wasm/number"
)

// writeHTML writes the report for a complaint. The requests themselves are read
// from the captures once more.
func (w *auditWriter) writeHTML(to io.Writer) error {
	page := report.Page{
		Book: w.book, Captures: w.captures(), Salts: len(w.salts), App: w.app, Device: w.device, Consent: w.consent,
		Made: time.Now().UTC().Format("2006-01-02 15:04 MST"),
		Tool: fmt.Sprintf("sealbook verifier audit (%s, %s/%s, metadata of libphonenumber %s)", runtime.Version(), runtime.GOOS, runtime.GOARCH, number.MetadataVersion),
	}
	for i, c := range page.Captures {
		if c.Wanted() {
			if _, err := capturefile.Read(w.all[i].path, w.capture, func(m *capture.Message) { c.Message(m) }, nil); err != nil {
				return err
			}
		}
	}
	_, err := to.Write(page.Append(nil))
	return err
}

// captures are the recordings as package report takes them.
func (w *auditWriter) captures() (all []*report.Capture) {
	for _, c := range w.all {
		all = append(all, &report.Capture{Name: c.Name, SHA256: c.SHA256, Size: c.Size, About: c.About, Report: c.Report})
	}
	return all
}

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
	capturefile "sealbook/wasm/capture/file"
	"sealbook/wasm/contacts"
	"sealbook/wasm/contacts/file"
	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/number"
)

var auditCommand = command{
	name:  "audit",
	usage: []string{"--contacts FILE [--region XX] [--json] [--html FILE] CAPTURE..."},
	brief: "which of your contacts an app sent, by a recording of its traffic",
	about: `
Looks for your contacts in recordings of an app's traffic: every number in every
spelling, as text and as an integer, every digest of it that published recipes
and the usual hash functions make, e-mail addresses and names; in JSON, forms,
Base64, gzip, Brotli, protobuf and whatever else they are wrapped in, several of
these around each other.

CAPTURE is a HAR (.har, .har.zip), mitmproxy flows, pcap or pcapng, Charles
.chlsj, Burp XML, Fiddler .saz, any other file as one raw body, or a folder of
these. TLS is read with the secrets inside a pcapng, in NAME.keylog beside
NAME.pcap, or of --keylog. Nothing leaves this machine.

The output has what came of each capture, then who received what, by host and by
contact, then each finding. A finding is
  certain   a number with its calling code, 8 bytes of a digest or more
  likely    a national number of 9 digits or more; an e-mail address
  possible  anything that may be chance: it never makes a capture "found"

With --json there is one object:
  {"version","captures":[{"file","sha256"}],"findings":[{"file",
   "request_index","direction","contact","e164","kind","value","certainty",
   "location","chain","start","end",…}],"unreadable":[{"file",
   "request_index","reason"}],"verdicts":{FILE:VERDICT}}
where VERDICT is "clean", "found" or "cannot tell". Only what the app sent and is
certain or likely makes it "found". request_index counts from 0: entries of a HAR
or chlsj, items, sessions, flows, or TCP connections of a pcap, which have
request_in_stream besides. "chain" is what was taken off, from the outside in;
"start" and "end" are places in what was left. A digest stands there as it is
written: that it is hexadecimal or Base64 is no step of the chain. It also has
"recipe" of a digest, "context" around the value, and "method", "host", "target"
and "time".

A body that the recording lost, that is encrypted or cannot be unpacked makes a
capture "cannot tell", never "clean"; the output says which and why.

--html writes a report for a complaint: it stands for itself and has the requests
themselves. Say with --app, --device and --consent what the recording is of.`,
	options: []string{"contacts", "region", "column", "json", "html", "sarif", "keylog", "salt", "pepper", "app", "device", "consent",
		"max-body", "max-unpacked", "max-depth", "max-layers", "max-findings"},
	auto: true,
	exits: [3]string{
		"clean: nothing left, and all could be read",
		"found: a contact left, also where something else could not be read",
		"cannot tell: nothing was found, but something could not be read; or as for other commands",
	},
	samples: []string{
		"verifier audit --contacts contacts.vcf --region GB app.har",
		"verifier audit --contacts my.vcf --region GB --json --salt pepper app.pcapng > out.json",
		"verifier audit --contacts my.vcf --region GB --html out.html --app \"Example 4\" app.har",
	},
	run: runAudit,
}

// audited is what came of a capture.
type audited struct {
	path   string
	listed bool   // found in a folder, not named
	Name   string // without folders
	SHA256 string
	Size   int64
	About  capture.About
	Report *audit.Report
}

func runAudit(s *session) (int, error) {
	if s.contacts == "" {
		return 0, fail("--contacts is missing", "the file with the contacts, as in --contacts contacts.vcf")
	}
	if len(s.args) == 0 {
		return 0, fail("there is no capture to look through", "name files or folders of recorded traffic, such as app.har")
	}
	var o capture.Options
	if s.keylog != "" {
		f, err := openFile("the file of --keylog", s.keylog)
		if err != nil {
			return 0, err
		}
		o.KeyLog, err = io.ReadAll(io.LimitReader(f, 64<<20))
		f.Close()
		if err != nil {
			return 0, fail("cannot read the file of --keylog: "+bare(err).Error(), "")
		}
	}
	o.MaxBody, o.MaxUnpacked, o.MaxDepth = int(s.maxBody), s.maxUnpacked, s.maxDepth
	book, err := s.readPeople()
	if err != nil {
		return 0, err
	}
	auditor := audit.New(book, audit.Options{Salts: s.salts, MaxDepth: s.maxLayers, MaxFindings: s.maxFindings})

	var all []*audited
	for _, arg := range s.args {
		paths, err := capturefile.List(arg)
		if err != nil {
			paths = []string{arg} // and reading it says what is wrong
		} else if len(paths) == 0 {
			return 0, fail("a folder has no captures", "")
		}
		for _, p := range paths {
			all = append(all, &audited{path: p, Name: filepath.Base(p), listed: p != arg})
		}
	}
	for _, c := range all {
		if err := s.auditCapture(auditor, c, o); err != nil {
			return 0, err
		}
	}
	// What a capture has beside it belongs to that, and is none of its own.
	beside := map[string]bool{}
	for _, c := range all {
		for _, name := range c.About.Beside {
			beside[filepath.Join(filepath.Dir(c.path), filepath.FromSlash(name))] = true
		}
	}
	all = slices.DeleteFunc(all, func(c *audited) bool { return c.listed && beside[filepath.Clean(c.path)] })
	w := auditWriter{session: s, book: book, all: all, capture: o}
	if s.html != "" {
		if err := w.file("--html", s.html, w.writeHTML); err != nil {
			return 0, err
		}
	}
	if s.sarif != "" {
		if err := w.file("--sarif", s.sarif, w.writeSARIF); err != nil {
			return 0, err
		}
	}
	write := w.text
	if s.json {
		write = w.json
	}
	text, err := write()
	if err == nil {
		err = print(s.out, text)
	}
	if err != nil {
		return 0, err
	}
	return w.exit(), nil
}

// readPeople reads the contacts to look for.
func (s *session) readPeople() (*audit.Book, error) {
	in, err := s.contactsInput("the file of --contacts", s.contacts)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	book := new(audit.Book)
	filter := sift.Filter{Region: s.region, Drop: sift.Nothing}
	person, of := uint32(0), -1
	codeless, useless, bad, emails := 0, 0, 0, 0
	for e, err := range file.Read(in, contacts.Options{Number: s.column}) {
		if code, ok := errors.AsType[contacts.Code](err); ok {
			return nil, contactsFailure("the file of --contacts", code)
		}
		if err != nil {
			return nil, fail("cannot read the contacts: "+bare(err).Error(), "")
		}
		if e.Kind != contacts.Number && e.Kind != contacts.Email {
			if e.Kind == contacts.Problem && loses(e.Code.String()) {
				s.warn("contacts, line %d: %s", e.Line, e.Code)
				bad++
			}
			continue
		}
		if of < 0 || e.Person != person {
			person, of = e.Person, book.Add(string(e.Name))
		}
		if e.Kind == contacts.Email {
			book.AddEmail(of, string(e.Text))
			emails++
			continue
		}
		n, reason := filter.Judge(e.Text)
		switch {
		case reason == sift.Kept:
			book.AddNumber(of, n)
		case reason == sift.Reason(number.InvalidCountryCode) && s.region == "":
			codeless++
		default:
			useless++
		}
	}
	switch {
	case codeless > 0:
		return nil, fail(fmt.Sprintf("%d numbers of the contacts have no country code", codeless), "--region says in which country they were written down, as in --region GB; --region auto guesses")
	case book.Numbers() == 0 && emails == 0:
		return nil, fail("the contacts have neither numbers nor e-mail addresses", "")
	}
	if useless > 0 {
		s.note("%d texts of the contacts are no numbers that an app could have sent, such as emergency numbers", useless)
	}
	if bad > 0 {
		s.note("%d lines of the contacts could not be read; those people are not looked for", bad)
	}
	return book, nil
}

// auditCapture looks through one capture. What cannot be read of it is in its
// report.
func (s *session) auditCapture(a *audit.Auditor, c *audited, o capture.Options) error {
	bar := newProgress(s, nil)
	bar.unit = "messages"
	bar.onTerminal(s) // the report comes when all is read
	sum := sha256.New()
	f, err := os.Open(c.path)
	if err == nil {
		if info, err := f.Stat(); err == nil {
			c.Size = info.Size()
		}
		bar.size = 2 * c.Size
		c.Size, err = io.Copy(sum, counting{f, func(n int64) { bar.show(n, 0) }})
		f.Close()
	}
	if err == nil {
		c.SHA256 = hex.EncodeToString(sum.Sum(nil))
		messages := 0
		c.About, err = capturefile.Read(c.path, o, func(m *capture.Message) {
			a.Message(m)
			messages++
		}, func(done, size int64) {
			bar.show(c.Size+done, messages)
			messages = 0
		})
	}
	bar.clear()
	c.Report = a.End()
	if err != nil {
		reason := capture.NoFile.String()
		s.warn("a capture cannot be read: %v", bare(err))
		if !errors.Is(err, fs.ErrNotExist) && c.SHA256 != "" {
			reason = capture.Truncated.String()
		}
		c.Report.Unreadable = append(c.Report.Unreadable, audit.Unreadable{Index: -1, Reason: reason})
	}
	return nil
}

// counting tells how much was read.
type counting struct {
	io.Reader
	tell func(n int64)
}

func (c counting) WriteTo(w io.Writer) (int64, error) {
	buf := make([]byte, 1<<20)
	total := int64(0)
	for {
		n, err := c.Read(buf)
		total += int64(n)
		c.tell(total)
		if _, err := w.Write(buf[:n]); err != nil {
			return total, err
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// auditWriter writes what came of captures.
type auditWriter struct {
	*session
	book    *audit.Book
	all     []*audited
	capture capture.Options
}

// exit is the exit code: found, also where something else could not be read.
func (w *auditWriter) exit() int {
	code := clean
	for _, c := range w.all {
		switch c.Report.Verdict() {
		case audit.Found:
			return found
		case audit.CannotTell:
			code = unknown
		}
	}
	return code
}

// file writes a report to a file that an option names.
func (w *auditWriter) file(option, path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err == nil {
		err = errors.Join(write(f), f.Close())
	}
	if err != nil {
		return fail("cannot write the file of "+option+": "+bare(err).Error(), "")
	}
	return nil
}

// size reads a limit in bytes: a number, or one with KB, MB or GB behind it.
func size(option, v string) (int64, error) {
	unit := int64(1)
	for suffix, n := range map[string]int64{"KB": 1e3, "MB": 1e6, "GB": 1e9} {
		if len(v) > 2 && v[len(v)-2:] == suffix {
			v, unit = v[:len(v)-2], n
			break
		}
	}
	n, err := strconv.ParseInt(v, 10, 40)
	if err != nil || n < 1 {
		return 0, fail("--"+option+" is not a size", "bytes, or with KB, MB or GB behind, as in 64MB")
	}
	return n * unit, nil
}

// count reads a limit that counts something.
func count(option, v string, most int) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > most {
		return 0, fail(fmt.Sprintf("--%s is not a number from 1 to %d", option, most), "")
	}
	return n, nil
}

package discovery

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"sync"
	"time"

	"sealbook/wasm/directory"
)

// Record writes a transcript of all further calls to w, a line as soon as an
// exchange has ended. It holds numbers and blinds: it is as private as the
// address book.
func (d *Directory) Record(w io.Writer) error {
	head := directory.TranscriptHead{
		Sealbook: "transcript", Version: 2,
		Directory: directory.TranscriptDirectory{URL: d.URL(), Key: d.Key()},
	}
	d.RecordOn(w)
	return d.transcript.write(head.Append(nil))
}

// RecordOn is Record for a transcript that was begun before, with the same
// directory: its head stands already.
func (d *Directory) RecordOn(w io.Writer) { d.transcript = &recorder{w: w} }

// recorder is where exchanges are written down; nil writes nothing.
type recorder struct {
	mu sync.Mutex
	w  io.Writer
}

func (t *recorder) write(line []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := t.w.Write(line); err != nil {
		return wrap(TranscriptLost, "the transcript cannot be written", err)
	}
	return nil
}

// line is an exchange under way.
type line struct {
	recorder *recorder
	exchange directory.Exchange
	public   bool
}

func (t *recorder) begin(c call, now time.Time) *line {
	if t == nil {
		return nil
	}
	l := &line{recorder: t, public: c.public}
	l.exchange = directory.Exchange{
		Request: directory.Request{
			At: directory.Time(now), Method: c.method, Path: c.path,
			Headers: directory.Fields{}, Body: append(directory.Bytes{}, c.body...),
		},
		Items: c.items, Record: c.record,
	}
	for _, f := range c.fields {
		if credential, ok := strings.CutPrefix(f.Value, bearer); ok && f.Name == "authorization" {
			f.Value = bearer + "sha256:" + directory.TextSHA256(credential)
		}
		l.exchange.Request.Headers = append(l.exchange.Request.Headers, f)
	}
	return l
}

// end writes the line.
func (l *line) end(a answer, came bool) error {
	if l == nil {
		return nil
	}
	if came {
		r := &directory.Response{Status: a.status, Body: directory.Bytes(a.body).String()}
		if l.public {
			sum, size := sha256.Sum256(a.body), int64(len(a.body))
			r.Body, r.Bytes = "sha256:"+hex.EncodeToString(sum[:]), &size
		}
		l.exchange.Response = r
	}
	return l.recorder.write(l.exchange.Append(nil))
}

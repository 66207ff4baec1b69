package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// progress is a bar on the last line of a terminal, for work that takes longer
// than a moment. It shows nothing where standard error is no terminal, or where
// the results go to one while it works.
type progress struct {
	out   *os.File // nil: show nothing
	size  int64    // bytes of input; 0 if not known
	rows  int
	unit  string // what rows are
	start time.Time
	last  time.Time // when it was shown; zero while it is not
}

var patience = 500 * time.Millisecond // before the bar appears; tests have none

const redraw = 100 * time.Millisecond

func newProgress(s *session, in io.Reader) *progress {
	p := &progress{start: time.Now(), unit: "rows"}
	if term.IsTerminal(int(s.errOut.Fd())) && !term.IsTerminal(int(s.out.Fd())) {
		p.out = s.errOut
	}
	if f, ok := in.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			p.size = info.Size()
		}
	}
	return p
}

// onTerminal shows the bar also where the results go to a terminal, for work that
// writes none before it is done.
func (p *progress) onTerminal(s *session) {
	if term.IsTerminal(int(s.errOut.Fd())) {
		p.out = s.errOut
	}
}

// show draws the bar, not too often; read is bytes of input so far.
func (p *progress) show(read int64, rows int) {
	p.rows += rows
	now := time.Now()
	if p.out == nil || now.Sub(p.start) < patience || now.Sub(p.last) < redraw {
		return
	}
	p.last = now
	width, _, err := term.GetSize(int(p.out.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s", p.line(read, now.Sub(p.start), width))
}

// line is the bar in at most width columns.
func (p *progress) line(read int64, spent time.Duration, width int) string {
	rate := float64(p.rows) / spent.Seconds()
	text := fmt.Sprintf("%s %s, %s/s", thousands(p.rows), p.unit, thousands(int(rate)))
	if p.size > 0 {
		share := min(float64(read)/float64(p.size), 1)
		if share > 0 {
			left := time.Duration(float64(spent) * (1 - share) / share).Round(time.Second)
			text += fmt.Sprintf(", %v left", left)
		}
		text = fmt.Sprintf("%3d%%  %s", int(100*share), text)
		if room := min(width-len(text)-5, 30); room >= 5 {
			full := int(share * float64(room))
			text = "[" + strings.Repeat("#", full) + strings.Repeat(".", room-full) + "] " + text
		}
	}
	return text[:min(len(text), max(width-1, 0))]
}

// clear takes the bar away, so that other lines can be written.
func (p *progress) clear() {
	if p.out != nil && !p.last.IsZero() {
		io.WriteString(p.out, "\r\x1b[K")
		p.last = time.Time{}
	}
}

// thousands writes n ≥ 0 with commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

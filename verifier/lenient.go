package main

import (
	"strings"

	"sealbook/wasm/field"
	"sealbook/wasm/number"
)

// lenientTask reads rows as fields, which may hold several numbers and more than
// numbers; see package field.
type lenientTask struct {
	reader field.Reader
	home   string
	text   jsonl // how texts that came as lines go out
}

func (t *lenientTask) compute(w *worker, _ []row) error {
	t.home, t.text.home = w.home, w.home
	return nil
}

func (t *lenientTask) write(dst []byte, _ format, _ int, r *row) ([]byte, bool) {
	dst = append(t.text.head(dst, r), `,"numbers":[`...)
	if r.bad != "" {
		return append(dst, "],\"error\":\""+badLine+"\"}\n"...), false
	}
	region := t.home
	if len(r.region) > 0 {
		region = string(r.region)
	}
	found, code := t.reader.Read(r.text, field.Options{Region: region, Country: string(r.country)})
	good := code == field.OK
	for i := range found {
		f := &found[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(f.Append(append(dst, `{"e164":"`...)), `","text":`...)
		dst = append(appendQuoted(dst, r.text[f.From:f.To]), `,"repairs":[`...)
		first := true
		for repair := range field.Repair(field.RepairCount) {
			if !f.Repairs.Has(repair) {
				continue
			}
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = append(append(append(dst, '"'), repair.String()...), '"')
		}
		dst = append(dst, "]}"...)
		good = good && f.Valid
	}
	if code == field.OK {
		return append(dst, "],\"error\":null}\n"...), good
	}
	return append(append(append(dst, `],"error":"`...), code.String()...), "\"}\n"...), false
}

// lenientGrowth is how many times longer than its row an output can be: the
// shortest rows make the longest lines for their size.
const lenientGrowth = 16 + number.MaxText

// runLenient is "verifier number --lenient".
func runLenient(s *session) (int, error) {
	switch {
	case s.csv:
		return 0, fail("--lenient and --csv exclude each other", "a cell may hold several numbers: --lenient gives a line of JSON for each line")
	case s.engine == "wasm":
		return 0, fail("--lenient is computed by native code alone", "")
	}
	if len(s.args) > 0 {
		s.jsonl = true // arguments may hold line feeds
	}
	return s.table(table{
		task:   func() task { return new(lenientTask) },
		plain:  func(bool) *plain { return new(plain) },
		growth: lenientGrowth,
	})
}

// repairWords lists the codes of repairs for the help, a few a line.
func repairWords() string {
	var b strings.Builder
	width := 0
	for r := range field.Repair(field.RepairCount) {
		code := r.String()
		if width+len(code) > 74 {
			b.WriteString("\n")
			width = 0
		}
		if width == 0 {
			b.WriteString("  ")
		} else {
			b.WriteString(" ")
		}
		b.WriteString(code)
		width += len(code) + 1
	}
	return b.String() + "\n"
}

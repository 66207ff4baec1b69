package contacts

import (
	"strings"
	"testing"
)

// rows reads a text in one piece and gives its rows, one string each.
func rows(t testing.TB, o Options, text string) []string {
	return strings.Split(strings.TrimSuffix(string(readChunks(o, []byte(text), len(text)+1)), "\n"), "\n")
}

// readChunks reads in pieces of the given size.
func readChunks(o Options, text []byte, size int) []byte {
	r := new(Reader)
	r.Reset(o)
	var e Entry
	var out []byte
	for len(text) > 0 {
		p := text[:min(size, len(text))]
		text = text[len(p):]
		for len(p) > 0 {
			p = p[r.Feed(p):]
			for r.Next(&e) {
				out = AppendRow(out, &e)
			}
		}
	}
	r.Finish()
	for r.Next(&e) {
		out = AppendRow(out, &e)
	}
	return out
}

func TestSmoke(t *testing.T) {
	for _, s := range []string{
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Alice Example\r\nitem1.TEL;type=pref:+44 20 7946 0001\r\nitem1.X-ABLabel:Boat\r\nTEL;TYPE=CELL,VOICE:07700\r\n  900123\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\nEND:VCARD\r\n",
		"Name,Phone\nAlice,+442079460001\nBob,07700 900123 ::: 07700 900124\n",
		"Alice;+442079460001\nBob;07700 900123\n",
		"Name;Vorname;Telefon geschäftlich;Mobiltelefon\r\nBeispiel;Anna;+49 30 1234;\r\n",
		"+442079460001\n07700 900123\nBob: 07700 900124\nmobile: 07700 900125\n",
		"hello world\nthis is prose\n",
		"",
	} {
		for _, l := range rows(t, Options{}, s) {
			t.Logf("%q", l)
		}
	}
}

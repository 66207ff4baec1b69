// Package corpus writes recordings of traffic in which contacts are hidden, and
// the truth about them: planted leaks of every disguise, near misses that are
// none, and bodies that nobody can read. What is planted is made with the
// standard library and other hands' encoders, never with the packages that look
// for it. The same seed gives the same bytes.
package corpus

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A Contact is a person of the address book.
type Contact struct {
	Name, Email string
	E164        string // +441134960000
	Code        string // 44
	Significant string // 1134960000
	National    string // 01134960000, digits only
	Spaced      string // +44 113 496 0000
	Region      string
}

// Planted is what is hidden in a message.
type Planted struct {
	File    string
	Index   int
	Contact Contact
	Kind    string // number, digest, email, name
	Class   string // the disguise
	Want    string // certain, likely or possible
}

// NearMiss is a message in which something looks like a contact.
type NearMiss struct {
	File  string
	Index int
	Class string
}

// Opaque is a message of which something cannot be read.
type Opaque struct {
	File  string
	Index int
	Class string
}

// Corpus is recordings and the truth.
type Corpus struct {
	Files    map[string][]byte
	Book     string // vCard
	Contacts []Contact
	Planted  []Planted
	Near     []NearMiss
	Opaque   []Opaque
}

// Request is a message before it is written down.
type Request struct {
	Method, Host, Path string
	Query              [][2]string // as sent, with escapes
	Header             [][2]string
	Body               []byte
	Type               string
	// Of a HAR alone: how the body is lost.
	Lost string
}

// people makes contacts with numbers from ranges kept for fiction.
func people(r *rand.Rand, n int) (list []Contact) {
	given := strings.Fields("Ada Berta Carla Dora Elif Femi Grace Hannah Idris Jonas Karin Lev Mei Noor Oskar Priya Quinn Rosa Soren Tomas Uma Vera Wren Yusuf Zoe")
	family := strings.Fields("Ashdown Brook Carver Dunne Ekstrand Farrow Garland Hollow Itoh Jansen Krug Lindquist Moller Norris Oakes Penner Quill Rossiter Suss Tran Underhill Vidal Weller Young")
	seen := map[string]bool{}
	for len(list) < n {
		c := Contact{Name: given[r.IntN(len(given))] + " " + family[r.IntN(len(family))]}
		k := r.IntN(1000)
		switch r.IntN(4) {
		case 0: // Ofcom, Leeds and London
			c.Region, c.Code, c.Significant = "GB", "44", fmt.Sprintf("113496%04d", k)
			c.Spaced = fmt.Sprintf("+44 113 496 %04d", k)
			if r.IntN(2) == 0 {
				c.Significant, c.Spaced = fmt.Sprintf("207946%04d", k), fmt.Sprintf("+44 20 7946 %04d", k)
			}
			c.National = "0" + c.Significant
		case 1: // NANPA
			area := []string{"212", "415", "305", "617"}[r.IntN(4)]
			c.Region, c.Code, c.Significant = "US", "1", fmt.Sprintf("%s55501%02d", area, k%100)
			c.Spaced = fmt.Sprintf("+1 %s-555-01%02d", area, k%100)
			c.National = c.Significant
		case 2: // Bundesnetzagentur, Berlin
			c.Region, c.Code, c.Significant = "DE", "49", fmt.Sprintf("3023125%03d", k)
			c.Spaced, c.National = fmt.Sprintf("+49 30 23125%03d", k), "0"+c.Significant
		case 3: // Arcep
			c.Region, c.Code, c.Significant = "FR", "33", fmt.Sprintf("63998%04d", k)
			c.Spaced = fmt.Sprintf("+33 6 39 98 %02d %02d", k/100, k%100)
			c.National = "0" + c.Significant
		}
		c.E164 = "+" + c.Code + c.Significant
		if seen[c.E164] || seen[c.Name] {
			continue
		}
		seen[c.E164], seen[c.Name] = true, true
		c.Email = strings.ToLower(strings.ReplaceAll(c.Name, " ", ".")) + fmt.Sprintf("%d@example.org", len(list))
		list = append(list, c)
	}
	return list
}

// Make makes a corpus: each disguise for some contacts, in several kinds of
// recordings.
func Make(seed uint64) *Corpus {
	r := rand.New(rand.NewPCG(seed, 0xc0))
	c := &Corpus{Files: map[string][]byte{}, Contacts: people(r, 60)}
	var book strings.Builder
	for _, p := range c.Contacts {
		fmt.Fprintf(&book, "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:%s\r\nTEL:%s\r\nEMAIL:%s\r\nEND:VCARD\r\n", p.Name, p.Spaced, p.Email)
	}
	c.Book = book.String()

	var files []*recording
	for _, name := range []string{"a.har", "b.har", "c.pcap", "d.flow", "e.chlsj", "f.xml", "g.saz"} {
		files = append(files, &recording{name: name})
	}
	k := 0
	place := func(q Request) (string, int) {
		f := files[k%len(files)]
		if q.Lost != "" {
			f = files[k%2]
		}
		k++
		return f.add(r, q)
	}
	for round := range 2 {
		for _, d := range disguises {
			p := c.Contacts[r.IntN(len(c.Contacts))]
			file, index := place(d.make(r, p))
			c.Planted = append(c.Planted, Planted{file, index, p, d.kind, d.class, d.want})
		}
		for _, wrap := range wraps {
			for _, inner := range []string{"number", "digest"} {
				p := c.Contacts[r.IntN(len(c.Contacts))]
				text := `{"id":"` + token(r, 9) + `","phone":"` + p.E164 + `"}`
				if inner == "digest" {
					text = `{"id":"` + token(r, 9) + `","ph":"` + hexOf(sha256Of(p.E164)) + `"}`
				}
				file, index := place(wrap.make(r, text))
				c.Planted = append(c.Planted, Planted{file, index, p, inner, wrap.class, "certain"})
			}
		}
		for _, n := range nearMisses {
			p := c.Contacts[r.IntN(len(c.Contacts))]
			file, index := place(n.make(r, p))
			c.Near = append(c.Near, NearMiss{file, index, n.class})
		}
		_ = round
		for range 15 {
			place(innocent(r))
		}
	}
	// The same disguise behind chance: nested in any order, up to four deep.
	for range 60 {
		p := c.Contacts[r.IntN(len(c.Contacts))]
		text, class := []byte("x="+p.E164+";"), ""
		for range 1 + r.IntN(4) {
			l := layers[r.IntN(len(layers))]
			text, class = l.make(text), l.name+" "+class
		}
		file, index := place(Request{Method: "POST", Host: "nest.example", Path: "/n", Body: text, Type: "application/octet-stream"})
		c.Planted = append(c.Planted, Planted{file, index, p, "number", "nested: " + class, "certain"})
	}
	for range 8 {
		for _, n := range nearMisses {
			p := c.Contacts[r.IntN(len(c.Contacts))]
			file, index := place(n.make(r, p))
			c.Near = append(c.Near, NearMiss{file, index, n.class})
		}
	}
	for _, lost := range []string{"missing", "null", "cut", "replaced", "unknown encoding", "broken gzip", "random"} {
		for range 3 {
			q := Request{Method: "POST", Host: "opaque.example", Path: "/o", Body: []byte(`{"hello":"world, there is some more text here"}`), Type: "application/json", Lost: lost}
			if lost == "random" {
				q.Body, q.Type = bytesOf(r, 400+r.IntN(2000)), "application/octet-stream"
			}
			file, index := place(q)
			c.Opaque = append(c.Opaque, Opaque{file, index, lost})
		}
	}
	for _, f := range files {
		c.Files[f.name] = f.bytes()
	}
	return c
}

// innocent is a request with nothing of anybody.
func innocent(r *rand.Rand) Request {
	body := fmt.Sprintf(`{"event":"open","ts":%d,"session":"%s","ids":[%d,%d],"v":"%d.%d.%d"}`, 1700000000000+r.IntN(1e9), hexOf(bytesOf(r, 16)), r.IntN(1e9), r.IntN(1e9), r.IntN(9), r.IntN(99), r.IntN(999))
	return Request{Method: "POST", Host: "events.example", Path: "/v1/events", Body: []byte(body), Type: "application/json"}
}

func bytesOf(r *rand.Rand, n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(r.Uint32())
	}
	return p
}

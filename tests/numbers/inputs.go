// Package numbers compares sealbook/wasm/number with other builds of
// libphonenumber: Google's own in JavaScript, nyaruka's port to Go and, where it
// is installed, Google's own in Java. It makes the inputs too, from a seed: the
// metadata's example numbers, and numbers that its patterns match or nearly
// match, in every writing, from every region, then bent in the ways people and
// files bend them. TestInputs says what has to be among them.
package numbers

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"regexp/syntax"
	"strconv"

	"sealbook/wasm/number"
)

// Input is a text and the region it is read in, "ZZ" for none.
type Input struct {
	Text   string `json:"text"`
	Region string `json:"region"`
}

// example is one of the metadata's example numbers.
type example struct {
	region string
	number number.Number
}

// Source makes inputs. Equal seeds make equal inputs.
type Source struct {
	rand     *rand.Rand
	regions  []string
	examples []example
	byRegion map[string][]int
	patterns []pattern
	idd      map[string]*syntax.Regexp
	prefix   map[string]*syntax.Regexp
	short    map[string][]string
}

// pattern is what a region's numbers of a type match.
type pattern struct {
	region string
	code   string
	digits *syntax.Regexp
}

// metadataFile is the pinned metadata, relative to this folder.
const metadataFile = "../../wasm/number/gentable/metadata.json"

// NewSource reads the metadata and starts at a seed.
func NewSource(seed uint64) (*Source, error) {
	text, err := os.ReadFile(metadataFile)
	if err != nil {
		return nil, err
	}
	var m struct{ Regions, Short []map[string]any }
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, err
	}
	s := &Source{
		rand:     rand.New(rand.NewPCG(seed, 0x5ea1b00c)),
		regions:  number.Regions(),
		byRegion: map[string][]int{},
		idd:      map[string]*syntax.Regexp{},
		prefix:   map[string]*syntax.Regexp{},
		short:    map[string][]string{},
	}
	fields := []string{"fixed", "mobile", "tollFree", "premium", "shared", "personal", "voip", "pager", "uan", "voicemail"}
	for _, r := range m.Regions {
		id := r["id"].(string)
		for _, field := range fields {
			d, _ := r[field].(map[string]any)
			if p, _ := d["pattern"].(string); p != "" {
				digits, err := syntax.Parse(p, syntax.Perl)
				if err != nil {
					return nil, err
				}
				s.patterns = append(s.patterns, pattern{id, strconv.Itoa(int(r["code"].(float64))), digits})
			}
			text, _ := d["example"].(string)
			if text == "" {
				continue
			}
			n, err := number.Parse("+"+strconv.Itoa(int(r["code"].(float64)))+text, "")
			if err != nil {
				return nil, err
			}
			s.byRegion[id] = append(s.byRegion[id], len(s.examples))
			s.examples = append(s.examples, example{id, n})
		}
		if p, _ := r["idd"].(string); p != "" {
			s.idd[id], _ = syntax.Parse(p, syntax.Perl)
		}
		if p, _ := r["parse"].(string); p != "" {
			s.prefix[id], _ = syntax.Parse(p, syntax.Perl)
		}
	}
	for _, r := range m.Short {
		for _, field := range []string{"emergency", "short"} {
			d, _ := r[field].(map[string]any)
			if text, _ := d["example"].(string); text != "" {
				s.short[r["id"].(string)] = append(s.short[r["id"].(string)], text)
			}
		}
	}
	return s, nil
}

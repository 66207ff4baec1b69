package contacts

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

var update = flag.Bool("update", false, "write the .json beside each file of testdata: read the difference")

var rounds = flag.Int("rounds", 0, "how many damaged files TestDamage reads")

// testFiles is how many exports testdata holds.
const testFiles = 34

// A result is what the .json beside an export says.
type result struct {
	Format    string    `json:"format"`
	Charset   string    `json:"charset"`
	Delimiter string    `json:"delimiter,omitempty"`
	People    int       `json:"people"`
	Columns   []column  `json:"columns,omitempty"` // those with a role
	Entries   []jsonRow `json:"entries"`
}

type column struct {
	Header string `json:"header"`
	Role   string `json:"role"`
}

type jsonRow struct {
	Person uint32 `json:"person,omitempty"`
	Line   uint32 `json:"line"`
	Name   string `json:"name,omitempty"`
	Number string `json:"number,omitempty"`
	Email  string `json:"email,omitempty"`
	Code   string `json:"code,omitempty"`
	Label  string `json:"label,omitempty"`
	Note   string `json:"note,omitempty"`
}

// exports gives the names of the files of testdata.
func exports(t testing.TB) []string {
	all, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range all {
		switch filepath.Ext(name) {
		case ".vcf", ".csv", ".txt":
			names = append(names, name)
		}
	}
	if len(names) != testFiles {
		t.Fatalf("testdata holds %d exports, want %d", len(names), testFiles)
	}
	return names
}

func TestFiles(t *testing.T) {
	readme, err := os.ReadFile("testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range exports(t) {
		base := filepath.Base(name)
		t.Run(base, func(t *testing.T) {
			if !bytes.Contains(readme, []byte("`"+base+"`")) {
				t.Error("not in README.md")
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := read(t, data)
			golden := name + ".json"
			if *update {
				var b bytes.Buffer
				b.WriteString("{\n")
				enc := func(v any) string {
					s := new(bytes.Buffer)
					e := json.NewEncoder(s)
					e.SetEscapeHTML(false)
					if err := e.Encode(v); err != nil {
						t.Fatal(err)
					}
					return strings.TrimSpace(s.String())
				}
				head := *got
				head.Entries, head.Columns = nil, nil
				b.WriteString(strings.TrimSuffix(strings.TrimPrefix(enc(head), "{"), "\"entries\":null}"))
				if len(got.Columns) > 0 {
					b.WriteString("\n\"columns\":" + enc(got.Columns) + ",")
				}
				b.WriteString("\n\"entries\":[")
				for i, e := range got.Entries {
					if i > 0 {
						b.WriteString(",")
					}
					b.WriteString("\n" + enc(e))
				}
				b.WriteString("\n]}\n")
				if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			text, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			var want result
			d := json.NewDecoder(bytes.NewReader(text))
			d.DisallowUnknownFields()
			if err := d.Decode(&want); err != nil {
				t.Fatal(err)
			}
			g, _ := json.MarshalIndent(got, "", " ")
			w, _ := json.MarshalIndent(&want, "", " ")
			if !bytes.Equal(g, w) {
				t.Errorf("got %s\nwant %s", g, w)
			}
		})
	}
}

// read reads a whole file into what its .json should say, decoded where it is
// foreign, as package file and sealbook/contacts do.
func read(t testing.TB, data []byte) *result {
	first := readOnce(data)
	for charset, decoder := range map[Charset]encoding.Encoding{
		GBK: simplifiedchinese.GBK, Big5: traditionalchinese.Big5, ShiftJIS: japanese.ShiftJIS, EUCKR: korean.EUCKR,
	} {
		if first.Charset != charset.String() {
			continue
		}
		text, err := decoder.NewDecoder().Bytes(data)
		if err != nil {
			t.Fatal(err)
		}
		second := readOnce(text)
		second.Charset = first.Charset
		return second
	}
	return first
}

func readOnce(data []byte) *result {
	r := new(Reader)
	r.Reset(Options{})
	var e Entry
	got := new(result)
	drain := func() {
		for r.Next(&e) {
			row := jsonRow{Person: e.Person, Line: e.Line, Name: string(e.Name), Note: string(e.Note), Label: e.Label.String()}
			switch e.Kind {
			case Number:
				row.Number = string(e.Text)
			case Email:
				row.Email = string(e.Text)
			case Problem:
				row.Code = e.Code.String()
			case Column:
				if e.Role != Unused {
					got.Columns = append(got.Columns, column{string(e.Text), e.Role.String()})
				}
				continue
			}
			got.Entries = append(got.Entries, row)
		}
	}
	for len(data) > 0 {
		data = data[r.Feed(data):]
		drain()
	}
	r.Finish()
	drain()
	got.Format, got.Charset, got.People = r.Format().String(), r.Charset().String(), r.People()
	if r.Delimiter() != 0 {
		got.Delimiter = string(r.Delimiter())
	}
	return got
}

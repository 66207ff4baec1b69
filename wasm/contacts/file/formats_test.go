package file

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"testing"
	"testing/iotest"

	"sealbook/wasm/contacts"
)

// TestFormats reads a file of each kind that programs write, as they write it, whole
// and byte by byte. What each of them is, testdata/README.md says.
func TestFormats(t *testing.T) {
	const dir = "../testdata/formats/"
	list, err := os.ReadFile(dir + "formats.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); count++ {
		var c struct {
			File, Refused string
			Want          [][2]string // number as written, name
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(readme, []byte("`"+c.File+"`")) {
			t.Errorf("%s is not in README.md", c.File)
		}
		data, err := os.ReadFile(dir + c.File)
		if err != nil {
			t.Fatal(err)
		}
		read := func(o contacts.Options, one bool) (got [][2]string, code string) {
			src := Read(bytes.NewReader(data), o)
			if one {
				src = Read(iotest.OneByteReader(bytes.NewReader(data)), o)
			}
			for e, err := range src {
				var refused *Refused
				if errors.As(err, &refused) {
					return got, refused.Code.String()
				} else if err != nil {
					t.Fatal(err)
				}
				if e.Kind == contacts.Number {
					got = append(got, [2]string{string(e.Text), string(e.Name)})
				}
			}
			return got, ""
		}
		for _, one := range []bool{false, true} {
			if got, code := read(contacts.Options{}, one); code != c.Refused || !reflect.DeepEqual(got, c.Want) {
				t.Errorf("%s, a byte at a time %v: %q %s, want %q %s", c.File, one, got, code, c.Want, c.Refused)
			}
		}
	}
	if count != 53 {
		t.Errorf("%d formats", count)
	}
}

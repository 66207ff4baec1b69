package file

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"sealbook/wasm/contacts"
)

func TestRead(t *testing.T) {
	f, err := os.Open("../testdata/vcard3-google.vcf")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got []string
	for e, err := range Read(f, contacts.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(e.Text))
	}
	if len(got) != 7 || got[2] != "+1 212-555-0101" {
		t.Errorf("got %q", got)
	}
	for e, err := range Read(strings.NewReader("%PDF-1.7\n"), contacts.Options{}) {
		if e != nil || !errors.Is(err, contacts.NotText) || err.(*Refused).What != "document" {
			t.Errorf("got %v, %v", e, err)
		}
	}
	for e, err := range Read(io.MultiReader(strings.NewReader("020 7946 0001\n"), broken{}), contacts.Options{}) {
		if e != nil || err != io.ErrClosedPipe {
			t.Errorf("got %v, %v", e, err)
		}
	}
	for range Read(strings.NewReader("020 7946 0001\n020 7946 0002\n"), contacts.Options{}) {
		break // must not panic
	}
}

// Files that package contacts leaves to decoders, in any cut.
func TestForeign(t *testing.T) {
	for name, want := range map[string]string{"vcard21-docomo.vcf": "山田太郎", "csv-outlook-zh-cn-gbk.csv": "李丽", "csv-outlook-ja-sjis.csv": "山田太郎"} {
		data, err := os.ReadFile("../testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range []io.Reader{bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data))} {
			got := ""
			for e, err := range Read(src, contacts.Options{}) {
				if err != nil || e.Kind == contacts.Problem {
					t.Fatalf("%s: %v %v", name, err, e)
				}
				if e.Kind == contacts.Number {
					got = string(e.Name)
				}
			}
			if got != want {
				t.Errorf("%s: %q", name, got)
			}
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

package audit

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"sealbook/tests/people"
	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
	"sealbook/wasm/capture/file"
	"sealbook/wasm/number"
)

// captures is the folder of real captures, which are not in the repository: a
// clone without them has the corpus alone.
func captures(t testing.TB) string {
	dir := os.Getenv("SEALBOOK_CAPTURES")
	for _, up := range []string{"../../../shared/captures", "../../../../shared/captures"} {
		if _, err := os.Stat(up); dir == "" && err == nil {
			dir = up
		}
	}
	if dir == "" && os.Getenv("CI") != "" {
		t.Fatal("the captures are not there: SEALBOOK_CAPTURES has to name their folder")
	}
	return dir
}

// Nobody of a made-up address book is in a stranger's traffic.
func TestStrangers(t *testing.T) {
	dir := captures(t)
	if dir == "" {
		t.Log("no real captures: neither SEALBOOK_CAPTURES nor ../shared/captures")
	}
	var paths []string
	if dir != "" {
		filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if ext := filepath.Ext(p); err == nil && d.Type().IsRegular() && ext != ".keylog" && ext != ".md" {
				paths = append(paths, p)
			}
			return err
		})
		if len(paths) < 25 {
			t.Fatalf("only %d captures", len(paths))
		}
	}
	books := 20
	if testing.Short() {
		books = 2
	}
	for seed := range books {
		region := people.Regions[seed%len(people.Regions)]
		list, err := people.Make(people.Options{People: 60, Region: region, Seed: uint64(seed), Format: "vcf3"})
		if err != nil {
			t.Fatal(err)
		}
		b := new(audit.Book)
		for _, p := range list {
			i := b.Add(p.Given + " " + p.Family)
			b.AddEmail(i, p.Email)
			for _, text := range []string{p.Mobile, p.Home, p.Work} {
				if n, err := number.Parse(text, region); err == nil {
					b.AddNumber(i, n)
				}
			}
		}
		if b.Numbers() < 60 {
			t.Fatalf("only %d numbers", b.Numbers())
		}
		a := audit.New(b, audit.Options{})
		messages := 0
		for _, p := range paths {
			if _, err := file.Read(p, capture.Options{}, func(m *capture.Message) { a.Message(m) }, nil); err != nil {
				t.Fatal(err)
			}
			r := a.End()
			messages += r.Messages
			for _, f := range r.Findings {
				if f.Certainty >= audit.Likely {
					t.Errorf("book %d: %s: a false alarm: %v %v in %s %v", seed, filepath.Base(p), f.Kind, f.Certainty, f.Location, f.Chain)
				}
			}
			if seed == 0 {
				for _, u := range r.Unreadable {
					t.Logf("%s: message %d: %s", filepath.Base(p), u.Index, u.Reason)
				}
			}
		}
		if dir != "" && messages < 2000 {
			t.Errorf("only %d messages", messages)
		}
	}
}

package file_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sealbook/wasm/capture"
	"sealbook/wasm/capture/file"
)

// har has one entry whose body is in another file.
func har(name string) string {
	return `{"log":{"entries":[{"request":{"method":"POST","url":"http://a.example/","headers":[],"postData":{"_file":"` + name + `"}}}]}}`
}

// folder is a folder with captures, and a secret outside it.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"outside.txt":         "secret",
		"in/good.har":         har("bodies/1.bin"),
		"in/up.har":           har("../outside.txt"),
		"in/link.har":         har("link.txt"),
		"in/gone.har":         har("gone.bin"),
		"in/bodies/1.bin":     "a body",
		"in/x.keylog":         "",
		"in/.hidden/file.har": har("x"),
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../outside.txt", filepath.Join(dir, "in", "link.txt")); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "in")
}

func TestBeside(t *testing.T) {
	dir := folder(t)
	for _, test := range []struct {
		name, body string
		why        capture.Reason
	}{
		{"good.har", "a body", capture.OK},
		{"up.har", "", capture.FileOutside},
		{"link.har", "", capture.FileMissing},
		{"gone.har", "", capture.FileMissing},
	} {
		body, why, last := "", capture.OK, int64(0)
		about, err := file.Read(filepath.Join(dir, test.name), capture.Options{}, func(m *capture.Message) {
			for _, p := range m.Parts {
				if p.Place == capture.Body {
					body = string(p.Bytes)
				}
			}
			for _, p := range m.Problems {
				why = p.Reason
			}
		}, func(done, size int64) {
			if done < last || done > size {
				t.Errorf("%s: %d of %d bytes, after %d", test.name, done, size, last)
			}
			last = done
		})
		if err != nil || body != test.body || why != test.why {
			t.Errorf("%s: %q, %v, %v", test.name, body, why, err)
		}
		if read := slices.Equal(about.Beside, []string{"bodies/1.bin"}); read != (test.why == capture.OK) {
			t.Errorf("%s: read %q beside it", test.name, about.Beside)
		}
	}
	if _, err := file.Read(filepath.Join(dir, "nowhere.har"), capture.Options{}, func(*capture.Message) {}, nil); !os.IsNotExist(err) {
		t.Errorf("a capture that is not there: %v", err)
	}
	if _, err := file.Read(dir, capture.Options{}, func(*capture.Message) {}, nil); err == nil {
		t.Error("a folder was read as a capture")
	}
}

func TestList(t *testing.T) {
	dir := folder(t)
	all, err := file.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i], _ = filepath.Rel(dir, all[i])
		all[i] = filepath.ToSlash(all[i])
	}
	if want := []string{"bodies/1.bin", "gone.har", "good.har", "up.har"}; !slices.Equal(slices.DeleteFunc(all, func(s string) bool { return s == "link.har" }), want) {
		t.Errorf("%q, want %q", all, want)
	}
	if all, err = file.List(filepath.Join(dir, "good.har")); err != nil || len(all) != 1 {
		t.Errorf("%q, %v", all, err)
	}
}

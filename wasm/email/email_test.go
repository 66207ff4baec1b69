package email

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

type vector struct {
	Recipe  string  `json:"recipe"`
	Address string  `json:"address"`
	Normal  *string `json:"normal"` // null for what is refused
	Digest  string  `json:"digest"`
	Printed bool    `json:"printed"` // by the vendor
}

func vectors(t testing.TB) []vector {
	t.Helper()
	text, err := os.ReadFile("../../tests/vectors/emails.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Count   int      `json:"count"`
		Vectors []vector `json:"vectors"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) != file.Count {
		t.Fatalf("%d vectors, want %d", len(file.Vectors), file.Count)
	}
	return file.Vectors
}

// The vectors that Node and the browser run too.
func TestVectors(t *testing.T) {
	printed, refused := 0, 0
	used := map[string]bool{}
	for _, v := range vectors(t) {
		r, ok := Lookup(v.Recipe)
		if !ok {
			t.Fatalf("no recipe %q", v.Recipe)
		}
		normal, ok := r.Normalize([]byte("before "), []byte(v.Address))
		digest, also := r.Append([]byte("before "), []byte(v.Address))
		if v.Normal == nil {
			refused++
			if ok || also || string(normal) != "before " || string(digest) != "before " {
				t.Errorf("%s: %q is taken for %q, %q", v.Recipe, v.Address, normal, digest)
			}
			continue
		}
		used[v.Recipe] = true
		if !ok || !also || string(normal) != "before "+*v.Normal || string(digest) != "before "+v.Digest {
			t.Errorf("%s: %q gives %q, %q, want %q, %q", v.Recipe, v.Address, normal, digest, *v.Normal, v.Digest)
		}
		if v.Printed {
			printed++
		}
		if again, ok := r.Normalize(nil, normal[len("before "):]); !ok || string(again) != *v.Normal {
			t.Errorf("%s: the normal form of %q is %q", v.Recipe, *v.Normal, again)
		}
	}
	if printed != 13 || refused != 14 || len(used) != len(table) {
		t.Errorf("%d printed by vendors, %d refused, %d of %d recipes used, want 13 and 14 and all", printed, refused, len(used), len(table))
	}
}

func TestTable(t *testing.T) {
	if len(Recipes()) != 10 {
		t.Errorf("%d recipes, want 10", len(Recipes()))
	}
	for _, r := range Recipes() {
		if !strings.HasSuffix(r.ID, "-email") || r.Vendor == "" || len(r.Source) < 20 || r.Confidence.String() == "" {
			t.Errorf("%s: %+v", r.ID, r)
		}
	}
	if _, ok := Lookup("nobody"); ok {
		t.Error("found what is not there")
	}
}

// Whatever comes in, a normal form is its own, has one @ and is short.
func FuzzNormalize(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		for i := range table {
			normal, ok := table[i].Normalize(nil, []byte(address))
			if !ok {
				continue
			}
			again, ok := table[i].Normalize(nil, normal)
			if !ok || string(again) != string(normal) || len(normal) > MaxAddress || strings.Count(string(normal), "@") != 1 {
				t.Fatalf("%s: %q gives %q and then %q", table[i].ID, address, normal, again)
			}
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	r, _ := Lookup("google-email")
	address, buf := []byte(" Jane.Doe@GMail.com"), make([]byte, 0, 64)
	for b.Loop() {
		r.Append(buf, address)
	}
}

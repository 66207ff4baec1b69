package digest

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// Vectors of the standards, in the file that the other engines run too.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("../../tests/vectors/digest.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []struct {
			Name      string `json:"name"`
			Source    string `json:"source"`
			Algorithm string `json:"algorithm"`
			Key       string `json:"key_hex"`
			Input     string `json:"input_hex"`
			Repeat    int    `json:"repeat"`
			Digest    string `json:"digest_hex"`
		} `json:"vectors"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, v := range file.Vectors {
		counts[v.Algorithm]++
		name, keyed := strings.CutPrefix(v.Algorithm, "hmac-")
		alg := Algorithm(0)
		for _, peer := range peers {
			if peer.name == name {
				alg = peer.alg
			}
		}
		message := bytes.Repeat(unhex(t, v.Input), max(v.Repeat, 1))
		var out [MaxSize]byte
		if keyed {
			k := NewKey(alg, unhex(t, v.Key))
			k.Sum(&out, message)
		} else {
			Sum(alg, &out, message)
		}
		want := unhex(t, v.Digest)
		if got := out[:len(want)]; len(want) < 16 || !bytes.Equal(got, want) {
			t.Errorf("%s, %s, %s: got %x, want %s", v.Source, v.Name, v.Algorithm, got, v.Digest)
		}
	}
	for alg, want := range map[string]int{
		"md5": 7, "sha1": 5, "sha224": 5, "sha256": 5, "sha384": 5, "sha512": 5,
		"hmac-md5": 7, "hmac-sha1": 7, "hmac-sha224": 7, "hmac-sha256": 7, "hmac-sha384": 7, "hmac-sha512": 7,
	} {
		if counts[alg] != want {
			t.Errorf("%d vectors for %s, want %d", counts[alg], alg, want)
		}
	}
	if len(file.Vectors) != 74 {
		t.Errorf("%d vectors, want 74", len(file.Vectors))
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	p, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

package number

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"
)

func TestSpaces(t *testing.T) {
	most := 0
	var s Space
	for _, r := range Regions() {
		if !s.Reset(r) {
			t.Logf("%s has no mobile numbers", r)
			continue
		}
		most = max(most, int(s.count))
	}
	t.Logf("at most %d nodes", most)
}

func TestExamples(t *testing.T) {
	text, err := os.ReadFile("gentable/metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Regions []map[string]any
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	for _, r := range m.Regions {
		for k, v := range r {
			d, ok := v.(map[string]any)
			if !ok || d["example"] == nil {
				continue
			}
			ex := d["example"].(string)
			id := r["id"].(string)
			n, c := ParseBytes([]byte(ex), id)
			if id == "001" {
				n, c = ParseBytes([]byte("+"+itoa(int(r["code"].(float64)))+ex), "")
			}
			if c != OK {
				t.Errorf("%s %s %s: %v", id, k, ex, c)
				continue
			}
			info := n.Info()
			if !info.Valid {
				t.Errorf("%s %s %s: %+v %v", id, k, ex, info, n)
			}
		}
	}
}

func itoa(i int) string { return strconv.Itoa(i) }

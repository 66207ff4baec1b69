package edge_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
)

// What an operator puts there by mistake is not passed off as cosigned, the
// operator is told, and no sweep takes what is right.
func TestCosignedOfAnother(t *testing.T) {
	p := newInProcess(t)
	var logged []string
	p.restartWith(t, func(c *edge.Config) {
		c.Log = func(err error) { logged = append(logged, err.Error()) }
	})
	p.publish(t)
	other := newInProcess(t) // of the same name, with another seed
	other.publish(t)
	get := func(p *inProcess, path string) (int, string) {
		t.Helper()
		status, body, err := raw("GET", p.server.URL+path, "", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		return status, string(body)
	}
	_, mine := get(p, "/v2/log/checkpoint")
	_, theirs := get(other, "/v2/log/checkpoint")
	body, signature, _ := strings.Cut(mine, "\n\n")
	bad := map[string]string{
		"nothing":           "",
		"text":              "hello\n",
		"another directory": theirs,
		"another size":      strings.Replace(mine, "\n1\n", "\n2\n", 1),
		"no signature":      body + "\n",
		"a witness alone":   body + "\n\n" + theirs[strings.Index(theirs, "\n\n")+2:],
		"too long":          mine + strings.Repeat(signature, 1000),
	}
	for name, text := range bad {
		putCosigned(t, p.folder, text)
		before := len(logged)
		status, answer := get(p, "/v2/log/cosigned")
		var problem directory.Problem
		if err := json.Unmarshal([]byte(answer), &problem); err != nil || status != http.StatusServiceUnavailable || problem.Code != directory.FileMissing {
			t.Errorf("%s: %d %s %v", name, status, answer, err)
		}
		if len(logged) == before || !strings.Contains(logged[before], "cosigned") {
			t.Errorf("%s: the operator is told %q", name, logged[before:])
		}
	}
	if len(bad) != 7 {
		t.Errorf("%d cases", len(bad))
	}
	putCosigned(t, p.folder, mine)
	for range 3 {
		p.ahead.Add(int64(7 * 3600e9))
		p.publish(t)
		if err := p.handler.Clean(t.Context()); err != nil {
			t.Fatal(err)
		}
		if status, answer := get(p, "/v2/log/cosigned"); status != 200 || answer != mine {
			t.Errorf("%d %s", status, answer)
		}
	}
}

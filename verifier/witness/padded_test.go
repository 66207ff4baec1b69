package witness_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"sealbook/wasm/trust"
)

// Anybody may put signatures of nobody behind a checkpoint that a log signed: they
// are not kept, so that what is kept can be read again however many there are.
func TestPadded(t *testing.T) {
	a := newHistory(t, "a", 3, 20)
	bare := a.checkpoint(t, 5, logKey)
	junk := func(bytes int) string {
		return "— stranger.example/s " + base64.StdEncoding.EncodeToString(make([]byte, bytes)) + "\n"
	}
	long := strings.Repeat("s", trust.MaxText)
	for name, text := range map[string]string{
		"99 more":       bare + strings.Repeat(junk(68), 99),
		"one long":      bare + junk((trust.MaxText-len(bare)-60)/4*3),
		"one long name": bare + "— " + long[:trust.MaxText-len(bare)-40] + " " + base64.StdEncoding.EncodeToString(make([]byte, 9)) + "\n",
	} {
		dir := t.TempDir()
		w := start(t, dir)
		status, line, _ := submit(w, (&trust.Submission{Checkpoint: text}).Text())
		if status != 200 {
			t.Errorf("%s: %d %q", name, status, line)
			continue
		}
		cosigned(t, bare, line)
		if status, line, _ := submit(start(t, dir), a.submission(t, 5, 9)); status != 200 {
			t.Errorf("%s, then growth: %d %q", name, status, line)
		}
	}
}

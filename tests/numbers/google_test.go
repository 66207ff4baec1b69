package numbers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os/exec"
	"testing"
)

var googleCount = flag.Int("google", 300_000, "inputs to compare with Google's build in Node")

func TestGoogle(t *testing.T) {
	run(t, 2, *googleCount, googleCauses, 300_000, googleCounts, google)
}

// google asks a Node of its own.
func google(share []Input, answer func(Input, Answer)) error {
	var lines, failure bytes.Buffer
	e := json.NewEncoder(&lines)
	for _, in := range share {
		if err := e.Encode(in); err != nil {
			return err
		}
	}
	node := exec.Command("node", "google.mjs")
	node.Stdin = &lines
	node.Stderr = &failure
	out, err := node.StdoutPipe()
	if err != nil {
		return err
	}
	if err := node.Start(); err != nil {
		return err
	}
	d := json.NewDecoder(bufio.NewReaderSize(out, 1<<20))
	for _, in := range share {
		var b Answer
		if err := d.Decode(&b); err != nil {
			node.Process.Kill()
			node.Wait()
			return fmt.Errorf("google.mjs: %w %s", err, failure.String())
		}
		b.Extension, b.International, b.National, b.RFC3966 = ascii(b.Extension), ascii(b.International), ascii(b.National), ascii(b.RFC3966)
		answer(in, b)
	}
	if err := node.Wait(); err != nil {
		return fmt.Errorf("google.mjs: %w %s", err, failure.String())
	}
	return nil
}

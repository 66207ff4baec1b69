package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"sealbook/verifier/engine"
	"sealbook/verifier/parity"
	"sealbook/wasm"
)

// Limits on a module that nobody vouches for.
const (
	maxModule  = 64 << 20        // bytes of file
	suiteLimit = 5 * time.Minute // for the parity suite
)

var wasmCommand = command{
	name:  "wasm",
	usage: []string{"[--seed N] [--items N] [--json] FILE"},
	brief: "look into a module and hold it against native code",
	about: `
Shows the SHA-256 and size of a WebAssembly module, what it imports and exports,
the version of its interface, and whether it is a published one, byte for byte.
Then it runs the parity suite on it. Of a core.wasm: every published recipe and
the grid on known answers, random texts of every kind, long texts and wrong
calls. Of a blind.wasm: exhaustive searches, and steps of the oblivious function
with right and wrong bytes. Of a format.wasm: numbers in every format. All bytes
and codes have to equal those of native code, that is of this program. Of the
published contacts.wasm only the bytes are compared. "-" is standard input.

The module runs in a sandbox without imports, with at most 4 MiB of memory, and
is stopped after 5 minutes. The same seed makes the same suite.`,
	options: []string{"seed", "items", "json"},
	exits: [3]string{
		"verified: it has no imports and equals native code in everything tried, whether or not it is a published module",
		"not verified: it differs from native code, imports something, or is no module of this version",
		"the file cannot be read or is no whole WebAssembly module, or the output cannot be written",
	},
	samples: []string{
		"verifier wasm wasm/core/core.wasm",
		"verifier wasm --items 5000000 --seed 7 downloaded.wasm",
		"curl -s https://example.com/core.wasm | verifier wasm -",
	},
	run: runWasm,
}

// inspection is what is known of a module. The names are those of --json.
type inspection struct {
	Sum       string        `json:"sha256"`
	Bytes     int           `json:"bytes"`
	Published bool          `json:"published"`
	File      string        `json:"file,omitempty"` // name of the published module
	Version   int           `json:"version"`        // of the interface; 0 if it does not come so far
	Memory    int           `json:"memory"`         // bytes of an instance
	Imports   []item        `json:"imports"`
	Exports   []item        `json:"exports"`
	Seed      uint64        `json:"seed"`
	Counts    parity.Counts `json:"alike"`
	Seconds   float64       `json:"seconds"`
	Verified  bool          `json:"verified"`
	Reason    string        `json:"reason,omitempty"`
}

// item is an import or an export.
type item struct {
	Module string `json:"module,omitempty"`
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Type   string `json:"type,omitempty"`
}

func runWasm(s *session) (int, error) {
	if len(s.args) != 1 {
		return 0, fail("wasm takes one file", "as in: verifier wasm core.wasm")
	}
	in := s.in
	if s.args[0] != "-" {
		f, err := openFile("FILE", s.args[0])
		if err != nil {
			return 0, err
		}
		defer f.Close()
		in = f
	}
	module, err := io.ReadAll(io.LimitReader(in, maxModule+1))
	if err != nil {
		return 0, fail("cannot read the module: "+bare(err).Error(), "")
	}
	if len(module) > maxModule {
		return 0, fail("the file is longer than 64 MiB: it is no module of Sealbook", "")
	}
	i := &inspection{Sum: fmt.Sprintf("%x", sha256.Sum256(module)), Bytes: len(module)}
	for name, published := range wasm.Modules {
		if bytes.Equal(module, published) {
			i.Published, i.File = true, name
		}
	}
	layout, err := engine.Inspect(module)
	if err != nil {
		return 0, fail(err.Error(), "the modules are what ./build.sh wasm makes and what the site serves")
	}
	i.show(layout)
	err = i.suite(s, module, engine.KindOf(layout))
	if i.Verified = err == nil; err != nil {
		i.Reason = oneLine(err.Error())
	}
	text := i.text()
	if s.json {
		line, err := json.Marshal(i)
		if err != nil {
			return 0, err
		}
		text = string(line) + "\n"
	}
	if err := print(s.out, text); err != nil {
		return 0, err
	}
	if i.Verified {
		return clean, nil
	}
	explain(s.errOut, fail("not verified: "+i.Reason, ""))
	return found, nil
}

// show takes over what the module says of itself.
func (i *inspection) show(l *engine.Layout) {
	i.Imports, i.Exports = []item{}, []item{} // and not null
	for _, m := range l.Imports {
		i.Imports = append(i.Imports, item(m))
	}
	for _, m := range l.Exports {
		i.Exports = append(i.Exports, item(m))
	}
}

// suite runs the module against native code; an error is the first difference.
func (i *inspection) suite(s *session, module []byte, kind *engine.Kind) error {
	if i.File == "contacts.wasm" {
		return nil // the very bytes; its tests hold them against native code
	}
	ctx := context.Background()
	if !i.Published { // whose own code is known to return
		limited, cancel := context.WithTimeout(ctx, suiteLimit)
		defer cancel()
		ctx = limited
	}
	i.Seed = s.seed
	start := time.Now()
	err := i.hold(ctx, module, kind, parity.Options{
		Seed: s.seed, Items: s.items, Singles: s.items / 20, Searches: 200, Steps: 100, Calls: 2000,
	})
	i.Seconds = time.Since(start).Seconds()
	if err != nil && ctx.Err() != nil {
		return errors.New("it did not come to an end in 5 minutes")
	}
	return err
}

// hold runs the parity suite for the kind of module.
func (i *inspection) hold(ctx context.Context, module []byte, kind *engine.Kind, o parity.Options) (err error) {
	switch kind {
	case engine.Blind:
		e, err := engine.WasmBlinder(ctx, module)
		if err != nil {
			return err
		}
		defer e.Close()
		i.Version, i.Memory = kind.Version, engine.MemorySize(e)
		i.Counts, err = parity.RunBlind(engine.NativeBlinder(), e, o)
		return err
	case engine.Format:
		e, err := engine.WasmFormatter(ctx, module)
		if err != nil {
			return err
		}
		defer e.Close()
		i.Version, i.Memory = kind.Version, engine.MemorySize(e)
		i.Counts, err = parity.RunFormat(engine.NativeFormatter(), e, o)
		return err
	}
	source, err := engine.Wasm(ctx, module)
	if err != nil {
		return err
	}
	defer source.Close()
	e, err := source.New()
	if err != nil {
		return err
	}
	i.Version, i.Memory = kind.Version, engine.MemorySize(e)
	e.Close()
	i.Counts, err = parity.Run(engine.Native(), source, o)
	return err
}

func (i *inspection) text() string {
	var b strings.Builder
	field := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-10s ", name)
		fmt.Fprintf(&b, format+"\n", args...)
	}
	list := func(name string, items []item) {
		if len(items) == 0 {
			field(name, "none")
			return
		}
		field(name, "%d", len(items))
		for _, m := range items {
			line := "  "
			if m.Module != "" {
				line += string(appendVisible(nil, []byte(m.Module))) + " "
			}
			line += fmt.Sprintf("%-12s  %s %s", appendVisible(nil, []byte(m.Name)), m.Kind, m.Type)
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	field("sha256", "%s", i.Sum)
	field("size", "%s bytes", thousands(i.Bytes))
	if i.Published {
		field("published", "yes, the very bytes of the %s inside this program", i.File)
	} else {
		field("published", "no; the core.wasm inside this program has %x", sha256.Sum256(wasm.Core))
	}
	list("imports", i.Imports)
	list("exports", i.Exports)
	if i.Version != 0 {
		field("interface", "version %d", i.Version)
		field("memory", "%s bytes", thousands(i.Memory))
		c := i.Counts
		field("parity", "with native code, seed %d", i.Seed)
		for _, n := range []struct {
			what string
			n    int
		}{
			{"known answers", c.Answers}, {"recipes", c.Recipes}, {"texts", c.Items}, {"of them numbers", c.Numbers},
			{"digests", c.Digests}, {"long texts", c.Long}, {"searches", c.Searches}, {"of them found", c.Found}, {"steps", c.Steps}, {"calls", c.Calls},
		} {
			if n.n == 0 {
				continue // another module's
			}
			fmt.Fprintf(&b, "  %-16s %11s\n", n.what, thousands(n.n))
		}
	}
	if i.Verified {
		field("verified", "equal in all bytes and codes, %.1f s", i.Seconds)
	} else {
		field("verified", "NO: %s", i.Reason)
	}
	return b.String()
}

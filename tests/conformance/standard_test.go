package conformance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"sealbook/verifier/engine"
	"sealbook/verifier/parity"
	"sealbook/wasm/batch"
)

// standard builds package core with the standard Go toolchain: another
// compiler, runtime and optimiser from the same sources.
func standard(t *testing.T) *parity.Pair {
	t.Helper()
	out := filepath.Join(t.TempDir(), "core.wasm")
	cmd := exec.Command("go", "build", "-buildmode=c-shared", "-trimpath", "-buildvcs=false", "-o", out, "sealbook/wasm/core")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOWASM=", "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	module, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	source, err := engine.WASI(context.Background(), module)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	p, err := parity.NewPair(engine.Native(), source)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestStandardToolchain(t *testing.T) {
	const want = 60_000
	p, in, specs := standard(t), parity.NewInputs(26), parity.Specs()
	for p.Items < want {
		n := min(1+in.IntN(9000), want-p.Items)
		if err := p.Everything(in.Lines(n), 0, in.Mode()|batch.RegionPerLine, specs[in.IntN(len(specs))]); err != nil {
			t.Fatalf("after %d items: %v", p.Items, err)
		}
	}
	report(t, p, in, want)
	t.Logf("counts: %d vectors alike in the standard toolchain's build", vectors(t, p))
}

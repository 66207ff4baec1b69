package engine_test

import (
	"context"
	"errors"
	"testing"

	"sealbook/verifier/engine"
	"sealbook/verifier/engine/fake"
	"sealbook/wasm/batch"
)

// Modules with the right exports that answer what no core answers.
func TestFakes(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name    string
		answers map[string]int32
		want    engine.Fault
	}{
		{"version 0", nil, engine.Wrong},
		{"a later version", map[string]int32{"abi": engine.Version + 1}, engine.Wrong},
		{"buffers larger than the memory", map[string]int32{"abi": engine.Version}, engine.Broken},
		{"a buffer outside the memory", map[string]int32{"abi": engine.Version, "input": -1}, engine.Broken},
	} {
		_, err := engine.Wasm(ctx, fake.Module(c.answers))
		if e, ok := errors.AsType[*engine.LoadError](err); !ok || e.Fault != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if batch.InputSize < 1<<16 {
		t.Error("a page holds the buffers: the fakes prove nothing")
	}
}

package edge_test

import (
	"path/filepath"
	"testing"

	"sealbook/tests/edge/storecases"
	"sealbook/wasm/edge/sqlite"
)

func openFile(t testing.TB, o sqlite.Options) (*sqlite.File, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "directory.db")
	file, err := sqlite.Open(t.Context(), name, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return file, name
}

// The cases that run on D1 too.
func TestStoreOnSQLite(t *testing.T) {
	if len(storecases.Cases) < 38 {
		t.Fatalf("only %d cases", len(storecases.Cases))
	}
	file, _ := openFile(t, sqlite.Options{})
	for _, c := range storecases.Cases {
		t.Run(c.Name, func(t *testing.T) {
			if err := storecases.Reset(file.Store); err != nil {
				t.Fatal(err)
			}
			c.Run(t, file.Store)
		})
	}
}

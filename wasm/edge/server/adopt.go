package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sealbook/wasm/edge"
)

// adoptLog goes on from the log of a mirror, and publishes the first state after
// it.
func (s *service) adoptLog(ctx context.Context, o options) error {
	if err := s.handler.AdoptLog(ctx, mirror(o.adoptLog)); err != nil {
		return err
	}
	if err := s.begin(ctx, o); err != nil {
		return fmt.Errorf("the log is adopted, and its next state is not published: %w", err)
	}
	fmt.Println("the log is adopted")
	return nil
}

// maxMirrored is more bytes than any file of a mirror has that is asked for.
const maxMirrored = 1 << 30

// mirror reads from a folder, or from an address.
func mirror(where string) edge.Mirror {
	if !strings.HasPrefix(where, "https://") && !strings.HasPrefix(where, "http://") {
		return func(_ context.Context, path string) ([]byte, error) {
			name := filepath.Join(where, filepath.FromSlash(path))
			// What has something below it is a folder, and lies in it.
			if info, err := os.Stat(name); err == nil && info.IsDir() {
				name = filepath.Join(name, "index")
			}
			return os.ReadFile(name)
		}
	}
	client := &http.Client{
		Timeout:       5 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return edge.MirrorAt(where, client, maxMirrored)
}

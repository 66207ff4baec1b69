package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
)

// Mirror reads a file that somebody kept of this directory, by the path at which
// it was served, without the slash before it: "v2/log/checkpoint". It returns
// fs.ErrNotExist where there is none.
type Mirror func(ctx context.Context, path string) ([]byte, error)

// MirrorAt reads files of at most that many bytes from below an address.
func MirrorAt(address string, client Client, most int64) Mirror {
	return func(ctx context.Context, path string) ([]byte, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(address, "/")+"/"+path, nil)
		if err != nil {
			return nil, errors.New("its address is none") // err quotes it
		}
		res, err := client.Do(r)
		if err != nil {
			return nil, err
		}
		defer res.Body.Close()
		switch res.StatusCode {
		case http.StatusOK:
		case http.StatusNotFound, http.StatusGone:
			return nil, fs.ErrNotExist
		default:
			return nil, fmt.Errorf("status %d", res.StatusCode)
		}
		b, err := io.ReadAll(io.LimitReader(res.Body, most+1))
		if err == nil && int64(len(b)) > most {
			err = fmt.Errorf("%s has more than %d bytes", path, most)
		}
		return b, err
	}
}

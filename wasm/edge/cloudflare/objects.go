//go:build js && wasm

package cloudflare

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"syscall/js"
)

// Objects keeps published files in R2. The calls themselves are JavaScript's, in
// objects.js: the library knows neither ranges nor uploads in parts.
type Objects struct{ platform js.Value }

// OpenObjects opens the bucket, while the program starts.
func OpenObjects() Objects { return Objects{Platform().Get("objects")} }

// Sizes in bytes. R2 wants all parts of an upload but the last of the same size,
// and of 5 MiB at least.
const (
	uploadPart = 8 << 20
	readPart   = 1 << 20
)

// Write writes an object, in parts where it is large.
func (o Objects) Write(_ context.Context, name string, write func(io.Writer) error) error {
	u := &upload{to: o.platform.Call("create", name)}
	err := write(u)
	if err == nil {
		_, err = await(u.to.Call("end", Bytes(u.rest)))
	}
	if err != nil {
		_, abortErr := await(u.to.Call("abort"))
		return errors.Join(err, abortErr)
	}
	return nil
}

type upload struct {
	to   js.Value
	rest []byte
}

func (u *upload) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		if len(u.rest) > 1<<20 && cap(u.rest) < uploadPart {
			u.rest = append(make([]byte, 0, uploadPart), u.rest...)
		}
		k := min(len(b), uploadPart-len(u.rest))
		u.rest, b = append(u.rest, b[:k]...), b[k:]
		if len(u.rest) == uploadPart {
			part := Bytes(u.rest)
			if _, err := await(u.to.Call("part", part)); err != nil {
				return 0, err
			}
			free(part)
			u.rest = u.rest[:0]
		}
	}
	return n, nil
}

// Open opens an object, or returns fs.ErrNotExist.
func (o Objects) Open(_ context.Context, name string) (io.ReadSeekCloser, int64, error) {
	found, err := await(o.platform.Call("open", name, readPart))
	if err != nil {
		return nil, 0, err
	}
	if found.IsNull() {
		return nil, 0, fs.ErrNotExist
	}
	size := int64(found.Get("size").Int())
	return &object{from: o.platform, name: name, size: size, piece: bytesOf(found.Get("bytes"))}, size, nil
}

// object is read a piece at a time.
type object struct {
	from     js.Value
	name     string
	size, at int64
	piece    []byte
	first    int64 // where the piece lies
}

func (o *object) Read(b []byte) (int, error) {
	if o.at >= o.size {
		return 0, io.EOF
	}
	if o.at < o.first || o.at >= o.first+int64(len(o.piece)) {
		got, err := await(o.from.Call("read", o.name, o.at, min(readPart, o.size-o.at)))
		if err != nil {
			return 0, err
		}
		if got.IsNull() {
			return 0, fs.ErrNotExist // removed meanwhile
		}
		o.piece, o.first = bytesOf(got), o.at
		free(got)
		if len(o.piece) == 0 {
			return 0, io.ErrUnexpectedEOF
		}
	}
	n := copy(b, o.piece[o.at-o.first:])
	o.at += int64(n)
	return n, nil
}

func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, errors.New("cloudflare: a negative position")
	}
	o.at = offset
	return offset, nil
}

func (o *object) Close() error { return nil }

// List returns the names of all objects. An upload that was broken off is none.
func (o Objects) List(context.Context) ([]string, error) {
	v, err := await(o.platform.Call("list"))
	if err != nil {
		return nil, err
	}
	return strings.Fields(v.String()), nil
}

// Remove removes objects.
func (o Objects) Remove(_ context.Context, names ...string) error {
	_, err := await(o.platform.Call("remove", strings.Join(names, " ")))
	return err
}

// Announce makes known what can be read: tiles of the log first, then the index
// by which objects are found.
func (o Objects) Announce(_ context.Context, index []byte, tiles map[string][]byte, gone []string) error {
	list := js.Global().Get("Array").New()
	for name, tile := range tiles {
		list.Call("push", js.ValueOf([]any{name, Bytes(tile)}))
	}
	_, err := await(o.platform.Call("announce", Bytes(bytes.Clone(index)), list, strings.Join(gone, " ")))
	return err
}

// Tiles returns the names of the tiles that there are.
func (o Objects) Tiles(context.Context) ([]string, error) {
	v, err := await(o.platform.Call("tiles"))
	if err != nil {
		return nil, err
	}
	return strings.Fields(v.String()), nil
}

// free gives back the memory of bytes that nobody reads any more. JavaScript would
// leave them until there is much of them, and all of it counts for an isolate.
func free(v js.Value) { v.Get("buffer").Call("transfer", 0) }

func bytesOf(v js.Value) []byte {
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}

// ErrObjects hides what R2 says: it may quote what it was given.
var ErrObjects = errors.New("cloudflare: the object store failed")

// await waits for a promise.
func await(promise js.Value) (js.Value, error) {
	type settled struct {
		value js.Value
		err   error
	}
	done := make(chan settled, 1)
	kept := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- settled{value: args[0]}
		return nil
	})
	defer kept.Release()
	broken := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- settled{err: ErrObjects}
		return nil
	})
	defer broken.Release()
	promise.Call("then", kept, broken)
	s := <-done
	return s.value, s.err
}

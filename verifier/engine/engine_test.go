package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sealbook/wasm"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// sources are both kinds of engine, the wasm one over the published core.
func sources(t *testing.T) []Source {
	w, err := Wasm(context.Background(), wasm.Core)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return []Source{Native(), w}
}

func newEngine(t *testing.T, s Source) Engine {
	e, err := s.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// run sends one text through every operation and writes down what came.
func run(t *testing.T, e Engine, text string) string {
	var out bytes.Buffer
	lines, err := e.About()
	fmt.Fprintln(&out, "about", lines, err, e.Status())
	out.Write(e.Text()[:e.Status().Written])
	n := copy(e.Input(), text)
	items, err := e.Parse(n, batch.RegionCode("GB"), batch.Info|batch.Text(number.Dialled))
	fmt.Fprintln(&out, "parse", items, err, e.Status())
	out.Write(e.Text()[:e.Status().Written])
	out.Write(e.Records()[:items*batch.RecordSize])
	handle, err := Define(e, "bereal")
	fmt.Fprintln(&out, "recipe", handle, err)
	items, err = e.Digest(handle, 0)
	fmt.Fprintln(&out, "digest", items, err, e.Status())
	out.Write(e.Text()[:e.Status().Written])
	n = copy(e.Input(), text)
	items, err = e.Hash(n, handle, 0)
	fmt.Fprintln(&out, "hash", items, err, e.Status())
	out.Write(e.Text()[:e.Status().Written])
	return out.String()
}

func TestSameInBothKinds(t *testing.T) {
	const text = "+442079460018\n07700 900123\n\nhello\n\xff\xfe\n+1 201 555 0123"
	var got []string
	for _, s := range sources(t) {
		got = append(got, run(t, newEngine(t, s), text))
	}
	if got[0] != got[1] {
		t.Errorf("native and wasm differ:\n%q\n%q", got[0], got[1])
	}
	if !strings.Contains(got[0], "+442079460018") || !strings.Contains(got[0], "parse 6 <nil>") {
		t.Errorf("parse answered\n%q", got[0])
	}
}

func TestFailures(t *testing.T) {
	for _, s := range sources(t) {
		e := newEngine(t, s)
		check := func(what string, err error, want batch.Failure) {
			t.Helper()
			var got batch.Failure
			if !errors.As(err, &got) || got != want {
				t.Errorf("%v: %s: %v, want %v", s, what, err, want)
			}
		}
		_, err := e.Digest(0, 1)
		check("digest before parse", err, batch.State)
		_, err = e.Parse(batch.InputSize+1, 0, 0)
		check("parse too much", err, batch.Length)
		_, err = e.Parse(-1, 0, 0)
		check("parse less than nothing", err, batch.Length)
		_, err = e.Parse(0, 0, 1<<30)
		check("parse in no mode", err, batch.BadMode)
		_, err = e.Parse(0, 'g', 0)
		check("parse without region", err, batch.Region)
		_, err = e.Digest(-1, 0)
		check("digest without recipe", err, batch.Recipe)
		_, err = Define(e, "no-such-recipe")
		check("unknown recipe", err, batch.Recipe)
		_, err = Define(e, strings.Repeat("x", batch.InputSize+1))
		check("endless recipe", err, batch.Length)
	}
}

func TestSearch(t *testing.T) {
	w, err := WasmBlinder(context.Background(), wasm.Blind)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	space, ok := number.Mobiles("FI")
	if !ok {
		t.Fatal("FI has no mobile numbers")
	}
	want := space.At(1000)
	r, ok := recipe.Lookup("bereal")
	if !ok {
		t.Fatal("no such recipe")
	}
	for _, e := range []Blinder{NativeBlinder(), w} {
		if _, err := e.Search(0, 1); err != batch.State {
			t.Errorf("search before begin: %v", err)
		}
		input := r.Append([]byte("bereal"), want)
		size, err := e.SearchBegin(copy(e.Input(), input), batch.RegionCode("FI"), len("bereal"))
		if err != nil || size != space.Len() {
			t.Fatalf("%d numbers, %v", size, err)
		}
		if found, err := e.Search(0, 1000); found || err != nil {
			t.Errorf("found %v, %v before the number's place", found, err)
		}
		if found, err := e.Search(1000, 1); !found || err != nil {
			t.Errorf("not found: %v", err)
		}
		if got := string(e.Text()[:e.Status().Written]); got != want.String() {
			t.Error("found another number")
		}
	}
}

func TestFormat(t *testing.T) {
	w, err := WasmFormatter(context.Background(), wasm.Format)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	const lines = "+442079460018\n\n+442079460018;ext=12\n020 7946 0018"
	const want = "020 7946 0018\n\n020 7946 0018 x12\n\n"
	for _, e := range []Formatter{NativeFormatter(), w} {
		items, err := e.Format(copy(e.Input(), lines), number.National)
		if got := string(e.Text()[:e.Status().Written]); items != 4 || err != nil || got != want {
			t.Errorf("%d items, %v: %q", items, err, got)
		}
		if _, err := e.Format(0, number.Significant+1); err != batch.BadMode {
			t.Errorf("no such format: %v", err)
		}
	}
}

// Workers each have an instance of the one compiled module.
func TestInstancesSideBySide(t *testing.T) {
	for _, s := range sources(t) {
		var wait sync.WaitGroup
		for i := range 4 {
			e := newEngine(t, s)
			wait.Go(func() {
				text := fmt.Sprintf("+4420794600%02d", i)
				for range 200 {
					n := copy(e.Input(), text)
					if items, err := e.Parse(n, 0, batch.Info); items != 1 || err != nil {
						t.Errorf("%v: %d items, %v", s, items, err)
						return
					}
					if r := Record(e, 0); string(r[8:8+r[7]]) != text {
						t.Errorf("%v: worker %d was given another's number", s, i)
						return
					}
				}
			})
		}
		wait.Wait()
	}
}

func TestMemoryIsBounded(t *testing.T) {
	e := newEngine(t, sources(t)[1])
	before := MemorySize(e)
	for range 20 {
		run(t, e, strings.Repeat("+44 20 7946 0018\n", 8000))
	}
	if after := MemorySize(e); after != before || after > 2<<20 {
		t.Errorf("linear memory went from %d to %d bytes; at most 2 MiB are allowed", before, after)
	}
}

// replace is the published core with the first from, exactly one, made to.
func replace(t *testing.T, from, to string) []byte {
	if n := bytes.Count(wasm.Core, []byte(from)); n != 1 {
		t.Fatalf("the core has %q %d times", from, n)
	}
	return bytes.Replace(wasm.Core, []byte(from), []byte(to), 1)
}

func TestRefused(t *testing.T) {
	ctx := context.Background()
	core := wasm.Core
	for _, c := range []struct {
		name   string
		module []byte
		want   Fault
	}{
		{"empty", nil, Truncated},
		{"header cut", core[:5], Truncated},
		{"header only", core[:8], Exports},
		{"half", core[:len(core)/2], Truncated},
		{"a byte short", core[:len(core)-1], Truncated},
		{"a byte long", append(bytes.Clone(core), 1), Truncated},
		{"text", []byte("hello"), NotWasm},
		{"another file", []byte("PK\x03\x04 and so on and on"), NotWasm},
		{"another binary version", append([]byte("\x00asm\x02\x00\x00\x00"), core[8:]...), NotWasm},
		{"unknown section", append(bytes.Clone(core), 99, 0), Malformed},
		{"another export", replace(t, "\x06digest\x00", "\x06digesT\x00"), Exports},
		{"import", []byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x02\x09\x01\x03env\x01f\x00\x00"), Imports},
		{"imported global", []byte("\x00asm\x01\x00\x00\x00\x02\x0a\x01\x03env\x01g\x03\x7f\x00"), Imports},
		{"no such body", append(bytes.Clone(core), 10, 1, 0), Malformed},
	} {
		s, err := Wasm(ctx, c.module)
		var refused *LoadError
		if !errors.As(err, &refused) || refused.Fault != c.want {
			t.Errorf("%s: %v, %v; want %s", c.name, s, err, c.want)
		}
	}
}

// Whatever a bit is turned into, a module is refused or runs: no panic, no
// hang, and no answer that leads a caller outside its buffers.
func TestAlteredModules(t *testing.T) {
	step := len(wasm.Core)/12 + 1
	for at := 8; at < len(wasm.Core); at += step {
		altered := bytes.Clone(wasm.Core)
		altered[at] ^= 1 << (at % 8)
		func() {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			s, err := Wasm(ctx, altered)
			if err != nil {
				if _, ok := errors.AsType[*LoadError](err); !ok {
					t.Errorf("byte %d altered: %v", at, err)
				}
				return
			}
			defer s.Close()
			e, err := s.New()
			if err != nil {
				return
			}
			n := copy(e.Input(), "+44 20 7946 0018\n020 7946 0018")
			if _, err := e.Parse(n, batch.RegionCode("GB"), batch.Info|batch.Text(number.E164)); err == nil {
				_ = e.Text()[:e.Status().Written]
			}
		}()
	}
}

func FuzzInspect(f *testing.F) {
	f.Add([]byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x02\x09\x01\x03env\x01f\x00\x00"))
	f.Add(wasm.Core[:200])
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := Inspect(b)
		if (l == nil) == (err == nil) {
			t.Error("neither a layout nor an error, or both")
		}
	})
}

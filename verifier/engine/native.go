package engine

import (
	"unsafe"

	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// Native is the source of engines that are this program's own code.
func Native() Source { return native{} }

type native struct{}

func (native) New() (Engine, error) { return new(nativeEngine), nil }
func (native) Close() error         { return nil }
func (native) String() string       { return "native" }

type nativeEngine struct{ b batch.Batch }

func (e *nativeEngine) Input() []byte        { return e.b.Input[:] }
func (e *nativeEngine) Text() []byte         { return e.b.Out[:] }
func (e *nativeEngine) Status() batch.Status { return e.b.Status }
func (e *nativeEngine) Close() error         { return nil }

func (e *nativeEngine) Records() []byte {
	// Records are arrays of bytes, so the buffer is one as well.
	return unsafe.Slice(&e.b.Records[0][0], batch.MaxItems*batch.RecordSize)
}

func (e *nativeEngine) About() (int, error) { return e.b.About(), nil }

func (e *nativeEngine) Parse(length int, region uint32, mode batch.Mode) (int, error) {
	return answer(e.b.Parse(length, region, mode))
}

func (e *nativeEngine) Digest(recipe, first int) (int, error) {
	return answer(e.b.Digest(recipe, first))
}

func (e *nativeEngine) Hash(length, recipe int, mode batch.Mode) (int, error) {
	return answer(e.b.Hash(length, recipe, mode))
}

func (e *nativeEngine) Recipe(length int) (int, error) { return answer(e.b.Recipe(length)) }

// NativeBlinder is this program's own code of blind.wasm.
func NativeBlinder() Blinder { return new(nativeBlinder) }

type nativeBlinder struct{ b batch.Blinder }

func (e *nativeBlinder) Input() []byte        { return e.b.Input[:] }
func (e *nativeBlinder) Text() []byte         { return e.b.Out[:] }
func (e *nativeBlinder) Status() batch.Status { return e.b.Status }
func (e *nativeBlinder) Close() error         { return nil }

func (e *nativeBlinder) SearchBegin(length int, region uint32, named int) (uint64, error) {
	if f := e.b.SearchBegin(length, region, named); f != 0 {
		return 0, f
	}
	return size(e.b.Status), nil
}

func (e *nativeBlinder) Search(from uint64, count int) (bool, error) {
	n, err := answer(e.b.Search(from, count))
	return n != 0, err
}

func (e *nativeBlinder) OPRF(step batch.Step, n, length int) (int, error) {
	return answer(e.b.OPRF(step, n, length))
}

// NativeFormatter is this program's own code of format.wasm.
func NativeFormatter() Formatter { return new(nativeFormatter) }

type nativeFormatter struct{ f batch.Formatter }

func (e *nativeFormatter) Input() []byte        { return e.f.Input[:] }
func (e *nativeFormatter) Text() []byte         { return e.f.Out[:] }
func (e *nativeFormatter) Status() batch.Status { return e.f.Status }
func (e *nativeFormatter) Close() error         { return nil }

func (e *nativeFormatter) Format(length int, format number.Format) (int, error) {
	return answer(e.f.Format(length, format))
}

func answer(n int, f batch.Failure) (int, error) {
	if f != 0 {
		return 0, f
	}
	return n, nil
}

package engine

import (
	"unsafe"

	"sealbook/wasm/batch"
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

func (e *nativeEngine) SearchBegin(length int, region uint32, recipe int) (uint64, error) {
	if f := e.b.SearchBegin(length, region, recipe); f != 0 {
		return 0, f
	}
	return size(e.b.Status), nil
}

func (e *nativeEngine) Search(from uint64, count int) (bool, error) {
	n, err := answer(e.b.Search(from, count))
	return n != 0, err
}

func (e *nativeEngine) OPRF(step batch.Step, n, length int) (int, error) {
	return answer(e.b.OPRF(step, n, length))
}

func answer(n int, f batch.Failure) (int, error) {
	if f != 0 {
		return 0, f
	}
	return n, nil
}

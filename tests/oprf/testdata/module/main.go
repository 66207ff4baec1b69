// A module for tests and measurements: package oprf behind exports, built by
// TinyGo with core.wasm's target, so without imports and without a heap.
package main

import (
	"unsafe"

	"sealbook/wasm/oprf"
	"sealbook/wasm/ristretto"
)

const most = 1024

// data is what the host reads and writes; layout() tells where the parts are.
var data struct {
	key, public, seed [32]byte
	proof, nonce      [64]byte
	text              [most * 16]byte
	end               [most]uint32
	random            [most * 64]byte
	blinds            [most * 32]byte
	blinded           [most * 32]byte
	evaluated         [most * 32]byte
	outputs           [most * 64]byte
}

var (
	client oprf.Client
	server oprf.Server
	room   oprf.Room
)

func main() {}

//go:wasmexport address
func address(part int32) int32 {
	p := [...]unsafe.Pointer{
		unsafe.Pointer(&data.key), unsafe.Pointer(&data.public), unsafe.Pointer(&data.seed),
		unsafe.Pointer(&data.proof), unsafe.Pointer(&data.nonce), unsafe.Pointer(&data.text),
		unsafe.Pointer(&data.end), unsafe.Pointer(&data.random), unsafe.Pointer(&data.blinds),
		unsafe.Pointer(&data.blinded), unsafe.Pointer(&data.evaluated), unsafe.Pointer(&data.outputs),
	}
	return int32(uintptr(p[part]))
}

func inputs(n int32) oprf.Inputs { return oprf.Inputs{Text: data.text[:], End: data.end[:n]} }

// answer is the code, and above it the index of the item plus one.
func answer(at int, code oprf.Code) int32 { return int32(at+1)<<8 | int32(code) }

//go:wasmexport derive
func derive(mode, info int32) int32 {
	return answer(-1, oprf.Mode(mode).DeriveKey(&data.key, &data.seed, data.text[:info]))
}

//go:wasmexport serve
func serve(mode int32) int32 {
	code := server.Init(oprf.Mode(mode), &data.key, &room)
	if code == oprf.OK {
		server.PublicKey(&data.public)
	}
	return answer(-1, code)
}

//go:wasmexport connect
func connect(mode int32) int32 { return answer(-1, client.Init(oprf.Mode(mode), &data.public, &room)) }

//go:wasmexport blind
func blind(n int32) int32 {
	return answer(client.Blind(inputs(n), data.random[:64*n], data.blinds[:32*n], data.blinded[:32*n]))
}

//go:wasmexport blind_with
func blindWith(n int32) int32 {
	return answer(client.BlindWith(inputs(n), data.blinds[:32*n], data.blinded[:32*n]))
}

//go:wasmexport evaluate
func evaluate(n int32) int32 {
	return answer(server.Evaluate(data.blinded[:32*n], &data.nonce, data.evaluated[:32*n], &data.proof))
}

//go:wasmexport finalize
func finalize(n int32) int32 {
	return answer(client.Finalize(inputs(n), data.blinds[:32*n], data.blinded[:32*n],
		data.evaluated[:32*n], &data.proof, data.outputs[:64*n]))
}

// mul is one scalar multiplication, bytes to bytes: blinded[:32] times
// blinds[:32] into evaluated[:32].
//
//go:wasmexport mul
func mul(n int32) int32 {
	var e ristretto.Element
	var k ristretto.Scalar
	for ; n > 0; n-- {
		if !k.Decode((*[32]byte)(data.blinds[:])) || !e.Decode((*[32]byte)(data.blinded[:])) {
			return 0
		}
		e.Mul(&k, &e)
		e.Encode((*[32]byte)(data.evaluated[:]))
	}
	return 1
}

// step runs n times one step, for a profile by phases.
//
//go:wasmexport step
func step(what, n int32) int32 {
	var e, f ristretto.Element
	var k ristretto.Scalar
	e.SetGenerator()
	k.Decode((*[32]byte)(data.blinds[:]))
	for ; n > 0; n-- {
		switch what {
		case 0:
			e.Decode((*[32]byte)(data.blinded[:]))
		case 1:
			e.Encode((*[32]byte)(data.evaluated[:]))
		case 2:
			e.Map((*[64]byte)(data.random[:]))
		case 3:
			e.Mul(&k, &e)
		case 4:
			f.Add(&f, &e)
		case 5:
			k.Mul(&k, &k)
		case 6:
			k.Invert(&k)
		}
	}
	return 1
}

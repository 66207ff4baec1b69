//go:build js && wasm

package main

import (
	"syscall/js"

	"sealbook/wasm/edge"
	"sealbook/wasm/edge/cloudflare"
	"sealbook/wasm/oprf"
)

// evaluator evaluates in blind.wasm, which lies beside this module in the same
// isolate and does it in a fifth of the time: see evaluator.js.
type evaluator struct{ server js.Value }

// evaluators makes the evaluators that platform offers.
func evaluators(platform js.Value) func(*[oprf.ElementSize]byte) (edge.Evaluator, error) {
	return func(key *[oprf.ElementSize]byte) (edge.Evaluator, error) {
		server := platform.Call("evaluator", cloudflare.Bytes(key[:]))
		if server.IsNull() {
			return nil, oprf.InvalidScalar
		}
		return evaluator{server}, nil
	}
}

func (e evaluator) Evaluate(blinded []byte, random *[oprf.RandomSize]byte, evaluated []byte, proof *[oprf.ProofSize]byte) (int, oprf.Code) {
	answer := e.server.Call("evaluate", cloudflare.Bytes(blinded), cloudflare.Bytes(random[:]))
	if code := codeOf(answer); code != oprf.OK {
		return answer.Get("at").Int(), code
	}
	js.CopyBytesToGo(evaluated, answer.Get("evaluated"))
	js.CopyBytesToGo(proof[:], answer.Get("proof"))
	return -1, oprf.OK
}

func (e evaluator) Output(out *[oprf.OutputSize]byte, input []byte) oprf.Code {
	answer := e.server.Call("output", cloudflare.Bytes(input))
	if code := codeOf(answer); code != oprf.OK {
		return code
	}
	js.CopyBytesToGo(out[:], answer.Get("output"))
	return oprf.OK
}

func (e evaluator) PublicKey(out *[oprf.ElementSize]byte) {
	js.CopyBytesToGo(out[:], e.server.Get("publicKey"))
}

// codeOf reads the name of what was refused. A name that this build does not
// know is a fault of the deployment.
func codeOf(answer js.Value) oprf.Code {
	name := answer.Get("code").String()
	for c := oprf.OK; c.String() != "UNKNOWN"; c++ {
		if c.String() == name {
			return c
		}
	}
	panic("the core answered a code that is unknown here")
}

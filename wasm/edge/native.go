package edge

import (
	"runtime"

	"sealbook/wasm/oprf"
)

// native evaluates with the Go build of package oprf, one batch a processor at
// a time: more at once would only wait for each other.
type native struct {
	free chan *oprf.Server
}

// Native is the evaluator of platforms that run Go itself.
func Native(key *[oprf.ElementSize]byte) (Evaluator, error) {
	n := native{free: make(chan *oprf.Server, runtime.GOMAXPROCS(0))}
	for range cap(n.free) {
		s := new(oprf.Server)
		if code := s.Init(oprf.VOPRF, key, new(oprf.Room)); code != oprf.OK {
			return nil, code
		}
		n.free <- s
	}
	return n, nil
}

func (n native) Evaluate(blinded []byte, random *[oprf.RandomSize]byte, evaluated []byte, proof *[oprf.ProofSize]byte) (int, oprf.Code) {
	s := <-n.free
	defer func() { n.free <- s }()
	return s.Evaluate(blinded, random, evaluated, proof)
}

func (n native) Output(out *[oprf.OutputSize]byte, input []byte) oprf.Code {
	s := <-n.free
	defer func() { n.free <- s }()
	return s.Output(out, input)
}

func (n native) PublicKey(out *[oprf.ElementSize]byte) {
	s := <-n.free
	defer func() { n.free <- s }()
	s.PublicKey(out)
}

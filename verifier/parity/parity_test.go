package parity

import (
	"context"
	"strings"
	"testing"

	"sealbook/verifier/engine"
	"sealbook/wasm"
)

func core(t *testing.T) engine.Source {
	s, err := engine.Wasm(context.Background(), wasm.Core)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestRun(t *testing.T) {
	c, err := Run(engine.Native(), core(t), Options{Seed: 1, Items: 20000, Singles: 500, Calls: 500})
	if err != nil {
		t.Fatal(err)
	}
	if c.Answers < 110 || c.Recipes < 400 || c.Items < 20000 || c.Numbers < 7000 || c.Digests < c.Items || c.Long < 60 {
		t.Errorf("%+v", c)
	}
	t.Logf("%+v", c)
}

// lying is an engine that gives a wrong answer to one call.
type lying struct {
	engine.Engine
	calls int
	about func(*lying)
}

type liar struct {
	engine.Source
	lie func(*lying)
}

func (l liar) New() (engine.Engine, error) {
	e, err := l.Source.New()
	return &lying{Engine: e, about: l.lie}, err
}

func (l *lying) Digest(recipe, first int) (int, error) {
	n, err := l.Engine.Digest(recipe, first)
	if l.calls++; l.calls == 100 && err == nil {
		l.about(l)
	}
	return n, err
}

// A difference of one bit is seen.
func TestRunSeesDifferences(t *testing.T) {
	for _, lie := range []func(*lying){
		func(l *lying) { l.Text()[0] ^= 1 },
		func(l *lying) { l.Text()[l.Status().Written-1] ^= 1 },
	} {
		c, err := Run(engine.Native(), liar{engine.Native(), lie}, Options{Seed: 1, Items: 20000})
		if err == nil || !strings.Contains(err.Error(), "differ") {
			t.Errorf("%v after %+v", err, c)
		}
	}
	if _, err := Run(engine.Native(), engine.Native(), Options{Seed: 1, Items: 1000}); err != nil {
		t.Error(err)
	}
}

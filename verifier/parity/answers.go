package parity

import (
	"bytes"
	"encoding/json"
	"fmt"

	"sealbook/verifier/engine"
	"sealbook/wasm"
	"sealbook/wasm/batch"
)

// answer is a digest that is known without computing it here: the examples of
// recipes.json, which vendors print or which were computed elsewhere.
type answer struct{ recipe, text, digest string }

func answers() ([]answer, error) {
	var file struct {
		Recipes []struct {
			ID       string `json:"id"`
			Examples []struct {
				Normalized string `json:"normalized"`
				Output     string `json:"output"`
			} `json:"examples"`
		} `json:"recipes"`
		Grid []struct {
			Form      string `json:"form"`
			Input     string `json:"input"`
			Algorithm string `json:"algorithm"`
			Hex       string `json:"hex"`
			Base64    string `json:"base64"`
		} `json:"generic_grid"`
	}
	if err := json.Unmarshal(wasm.Recipes, &file); err != nil {
		return nil, err
	}
	var all []answer
	for _, r := range file.Recipes {
		for _, e := range r.Examples {
			if e.Output != "" {
				all = append(all, answer{r.ID, e.Normalized, e.Output})
			}
		}
	}
	for _, g := range file.Grid {
		name := g.Form + "/" + g.Algorithm
		all = append(all, answer{name + "/hex", g.Input, g.Hex}, answer{name + "/base64", g.Input, g.Base64})
	}
	return all, nil
}

// Answers asks both for digests that are known. It answers how many were
// right.
func (p *Pair) Answers() (right int, err error) {
	all, err := answers()
	if err != nil {
		return 0, err
	}
	for _, a := range all {
		handle, err := p.Recipe(a.recipe)
		if err != nil {
			return right, err
		}
		if handle < 0 {
			continue // listed, not computed
		}
		for _, e := range []engine.Engine{p.Want, p.Got} {
			if _, err := e.Hash(copy(e.Input(), a.text), handle, batch.Single); err != nil {
				return right, err
			}
			if text := bytes.TrimSuffix(e.Text()[:e.Status().Written], []byte("\n")); string(text) != a.digest {
				return right, fmt.Errorf("the known answer of recipe %s is another", a.recipe)
			}
		}
		right++
	}
	return right, nil
}

// Package wasm holds the published WebAssembly modules, byte for byte what
// pages, workers and the npm package load.
package wasm

import _ "embed"

// Core is core.wasm; package core says what it exports.
//
//go:embed core/core.wasm
var Core []byte

// Recipes is recipes.json: the published recipes with what package recipe
// leaves out of the modules, such as names, uses, sources and notes.
//
//go:embed recipe/recipes.json
var Recipes []byte

// Package wasm holds the published WebAssembly modules, byte for byte what
// pages, workers and the npm package load.
package wasm

import _ "embed"

// Core is core.wasm; package core says what it exports.
//
//go:embed core/core.wasm
var Core []byte

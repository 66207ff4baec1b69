// Package wasm holds the published WebAssembly modules, byte for byte what
// pages, workers and the npm package load.
package wasm

import _ "embed"

// Core is core.wasm; package core says what it exports.
//
//go:embed core/core.wasm
var Core []byte

// Blind is blind.wasm; package blind says what it exports.
//
//go:embed blind/blind.wasm
var Blind []byte

// Format is format.wasm; package format says what it exports.
//
//go:embed format/format.wasm
var Format []byte

// Contacts is contacts.wasm; package reader says what it exports.
//
//go:embed reader/contacts.wasm
var Contacts []byte

// Modules are all of these by the names of their files.
var Modules = map[string][]byte{"core.wasm": Core, "blind.wasm": Blind, "format.wasm": Format, "contacts.wasm": Contacts}

// Recipes is recipes.json: the published recipes with what package recipe
// leaves out of the modules, such as names, uses, sources and notes.
//
//go:embed recipe/recipes.json
var Recipes []byte

package main

var wasmCommand = command{name: "wasm"}

package main

var matchCommand = command{name: "match"}
var wasmCommand = command{name: "wasm"}

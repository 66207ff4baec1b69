// Package rules keeps the rules of the house by tests: who imports whom, what
// stays out of the WebAssembly modules, what lies at the top of the tree, and
// that no file tells whose machine it was made on. It has no code of its own.
package rules

// Package conformance holds the committed modules against the native build
// of the same code: under wazero, on every vector, on a million seeded inputs
// and on what fuzzing found, all bytes and all codes have to be equal. It also
// pins what the module exports, that it imports nothing, and that its memory
// does not grow; and it compares a build of the same package by the standard
// Go toolchain, so that a fault of one compiler shows.
//
// What is told to both engines and how answers are compared is in
// verifier/parity, which the command runs on any module.
package conformance

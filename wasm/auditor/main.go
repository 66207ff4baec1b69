// Command auditor is auditor.wasm: which of a person's contacts an app sent, by a
// recording of its traffic. It has no imports, so it cannot reach clock,
// randomness, file or network: what it reads stays where it is. See packages
// capture and audit for what it knows, which is the same here.
//
// # Exports
//
// All values are i32. Call _initialize once after instantiating. The buffers are
// fixed and their addresses never change:
//
//	abi()     1
//	input()   address of 256 KiB that the host writes to
//	output()  address of 512 KiB that the host reads
//	status()  address of 8 u32, little-endian, set by the calls
//
//	begin(length)
//	people(length)
//	keys(length)
//	capture(length, sizeLow, sizeHigh)
//	feed(length)
//	end()
//	missing()
//	report()
//	hash(length)
//	hashed()
//	requests(index)
//	page(length)
//
// begin forgets everything. input[0:length] holds options, UTF-8 lines of
// "key\tvalue": "region" is where numbers without a country code were written
// down, "salt" (any number of times) a salt, pepper or HMAC key to try; "max-body",
// "max-unpacked", "max-depth", "max-layers" and "max-findings" are limits, as in
// the options of `verifier audit` and with the same defaults.
//
// people adds whom to look for: rows as contacts.wasm writes them, whole lines.
// After it the status has [0] people, [1] numbers and [2] addresses that are
// looked for, [3] numbers without a country code, [4] texts that are no numbers
// which an app could have sent.
//
// keys adds a piece of an NSS key log that the person gave.
//
// capture starts a capture and drops the one before: the name of its file and
// its size in bytes. It, feed, end and missing return 1 while bytes are wanted:
// of the file whose name output[0:status[2]] holds, from offset status[3] +
// status[4]·2^32 on. "" is the capture itself, another name a path in its
// folder, with slashes. feed gives the bytes, as many as the host likes; end says
// that the file ends there; missing that it is not there. status[5] and [6] say
// how far the capture was read. They return 0 when it has been read.
//
// report writes the report, JSON objects a line each, into output[0:status[2]];
// while it returns 1 there is more, and pieces end anywhere. The first line says
// what the capture is and the verdict; see audit.Report.AppendLine.
//
// hash, any number of times and before a capture, takes the bytes of its file in
// their order; hashed then writes their SHA-256 to output[0:64], and the page says
// that it is the capture's.
//
// requests reads one of the captures again, counted from 0 in the order in which
// they came, for the requests in which something was found; feed, end and missing
// go on as with capture. page, after it, makes the report for a complaint of all
// captures, HTML, which report then hands out; input[0:length] has lines of
// "key\tvalue" of what it states: "app", "device", "consent", "made", "tool".
//
// # Failures
//
//	-1  LENGTH  length is not inside the input
//	-2  ROW     a row of people that is none
//	-3  OPTION  malformed options
//	-9  STATE   a call out of its order
//	-10 MEMORY  the people or the capture take more than there is; all was dropped
package main

import "unsafe"

// version of this interface; it rises when a host written for the one before
// could misread an answer.
const version = 1

var s session

func main() {}

//go:wasmexport abi
func abi() int32 { return version }

//go:wasmexport input
func input() int32 { return address(unsafe.Pointer(&s.open().input[0])) }

//go:wasmexport output
func output() int32 { return address(unsafe.Pointer(&s.open().output[0])) }

//go:wasmexport status
func status() int32 { return address(unsafe.Pointer(s.open().status)) }

//go:wasmexport begin
func begin(length int32) int32 { return s.begin(length) }

//go:wasmexport people
func addPeople(length int32) int32 { return s.add(length) }

//go:wasmexport keys
func keys(length int32) int32 { return s.keys(length) }

//go:wasmexport capture
func startCapture(length int32, low, high int32) int32 {
	return s.capture(length, uint32(low), uint32(high))
}

//go:wasmexport feed
func feed(length int32) int32 { return s.feed(length) }

//go:wasmexport end
func end() int32 { return s.end() }

//go:wasmexport missing
func missing() int32 { return s.missing() }

//go:wasmexport report
func writeLines() int32 { return s.lines() }

//go:wasmexport hash
func hash(length int32) int32 { return s.hash(length) }

//go:wasmexport hashed
func hashed() int32 { return s.hashed() }

//go:wasmexport requests
func requests(index int32) int32 { return s.requests(index) }

//go:wasmexport page
func page(length int32) int32 { return s.page(length) }

// address of a buffer in linear memory, which is 32 bits wide.
func address(p unsafe.Pointer) int32 { return int32(uintptr(p)) }

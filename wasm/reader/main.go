// Command reader is contacts.wasm: what pages need to read people's files on
// their own device. It has no imports, so it cannot reach clock, randomness,
// file or network. Today it reads contacts and knows short numbers; see packages
// contacts and number/short for what they know and how they behave, which is the
// same here.
//
// # Exports
//
// All values are i32. Call _initialize once after instantiating; one instance
// reads one file at a time. The buffers stay where they are; but the memory may
// grow during a call (see package heap), so a host takes its views anew after
// each:
//
//	abi()     2
//	input()   address of 256 KiB that the host writes to
//	output()  address of 512 KiB that the host reads
//	status()  address of 8 u32, little-endian, set by each contacts_ call
//
//	contacts_begin(format, length)
//	contacts_feed(offset, length)
//	contacts_finish()
//	contacts_encoding()
//	contacts_short(region, length)
//
// contacts_begin starts a file and drops the one before. format is 0 to find
// out, 1 vCard, 2 CSV, 3 list, 4 LDIF, 5 JSON, 6 XML. input[0:length] holds options, UTF-8 lines of
// "key\tvalue": "delimiter" is one of , ; | or a tab; "number" and "name" choose
// a CSV column by its header or its position from 1. length 0 is none. It
// answers 0, or a failure.
//
// contacts_feed reads input[offset:offset+length], any cut of the file, and
// answers how many bytes it took. If these are fewer than length, the output
// is full: take it and call again with offset and length of the rest. After
// every call the output holds status[2] bytes of rows, which the next call
// overwrites.
//
// contacts_finish says that the file ends. While it answers 1, the output is
// full: take it and call again. It answers 0 when the output holds the last
// rows.
//
// contacts_encoding writes the label by which browsers know the file's encoding to
// the output, over the rows, and answers its length; 65536 more where the names
// cannot be read here, so that the host has to decode the file, with TextDecoder,
// and begin again. That shows before there are rows.
//
// contacts_short looks at one number, the UTF-8 text input[0:length], and answers
// 2 if it is an emergency number of a region, 1 if another short number, 0 if
// neither. region is two capital letters, the first in the lowest byte. It
// changes neither output nor status, but the input is the same as that of
// contacts_feed.
//
// # Numbers in fields
//
//	field_ask(region, habit, length)
//	field_choose(count)
//	guess_begin()
//	guess_ask(length)
//	guess_take(count)
//	guess_best(length)
//
// The tables of numbers are in core.wasm, so a field is read in two steps.
// field_ask takes what stands in one: input[0:length], behind its row's country
// and a tab. region is that of numbers without calling code, packed as above, 0
// for none; habit a field.Habit. The output then holds questions, a line each, as
// core.wasm's parse takes them with Info and RegionPerLine; field_ask answers how
// many. The host has them answered there and puts the records, batch.RecordSize
// bytes each and none if there were no questions, into the input. field_choose
// answers a field.Code; if it is 0, the output has a line for each number: E.164,
// where its text begins and ends, counted in bytes of the field, and its
// field.Repairs, as decimal numbers, with tabs between.
//
// The guess in which region numbers were written down goes likewise: guess_begin,
// for each field guess_ask and, where that asked anything, guess_take; then
// guess_best. It takes hints, a region a line, and gives a line with the region or
// nothing, the field.Habit, what decided, how many numbers had no plus, and how
// many were valid with one; then a line for each region that contends, with how
// many numbers fit, and how many had its calling code. It answers how many lines.
//
// # Rows
//
// UTF-8, each a line of eight fields with a tab between and a newline behind;
// no field contains either, so splitting is all the decoding there is:
//
//	kind    "number", "email", "problem" or "column"
//	person  counts people from 1; 0 where a row belongs to none
//	line    of the file, from 1, where it begins
//	label   "mobile", "home", "work", "main", "fax", "pager", "car",
//	        "assistant", "other" or ""; of a problem its code, such as
//	        "LINE_TOO_LONG"; of a column its role: "number", "email",
//	        "number label", "email label", "name", "given name",
//	        "middle name", "family name", "nickname", "company", "country",
//	        "area code" or ""
//	note    the label in the file's own words where it says more
//	name    of the person
//	text    what stands in the field, a number or several or an address, as
//	        written; of a column its header; of a fatal problem what the file
//	        is instead, such as "calendar"; of GUESSED_CHARSET the encoding
//	country what the file says of the number's country: "GB", "44" or ""
//
// Rows of a person stand together. A table's header comes first, as one row
// for each column, so that a page can offer the choice. After a fatal problem
// (EMPTY_FILE, NOT_TEXT, UNKNOWN_FORMAT, NO_NUMBER_COLUMN, NO_SUCH_COLUMN,
// UNSUPPORTED) the
// rest of the file is taken and ignored.
//
// # Status
//
//	[0] rows in the output
//	[1] bytes taken by this call
//	[2] bytes in the output
//	[3] people so far, with or without a number
//	[4] format: 0 not known yet, or as for contacts_begin
//	[5] delimiter of a CSV, 0 otherwise
//	[6] encoding, 0 for UTF-8; contacts_encoding says which
//	[7] 1 after a fatal problem
//
// # Failures
//
//	-1 LENGTH   offset and length are not inside the input
//	-2 FORMAT   no such format
//	-3 OPTION   malformed options
//	-9 STATE    feed or finish without begin, or feed after finish
//
//	-10 MEMORY  the file makes the reader keep more than heap.Limit; it was dropped.
//	            The collector may not find all of it again: make another instance
//	            for the next file
package main

import "unsafe"

// version of this interface; it rises when a host written for the one before
// could misread an answer.
const version = 2

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

//go:wasmexport contacts_begin
func contactsBegin(format, length int32) int32 { return s.open().begin(format, length) }

//go:wasmexport contacts_feed
func contactsFeed(offset, length int32) int32 { return s.open().feed(offset, length) }

//go:wasmexport contacts_finish
func contactsFinish() int32 { return s.open().finish() }

//go:wasmexport contacts_encoding
func contactsEncoding() int32 { return s.open().encoding() }

//go:wasmexport contacts_short
func contactsShort(region, length int32) int32 { return s.open().short(uint32(region), length) }

//go:wasmexport field_ask
func fieldAsk(region, habit, length int32) int32 { return s.open().fieldAsk(region, habit, length) }

//go:wasmexport field_choose
func fieldChoose(count int32) int32 { return s.open().fieldChoose(count) }

//go:wasmexport guess_begin
func guessBegin() { guess.Reset() }

//go:wasmexport guess_ask
func guessAsk(length int32) int32 { return s.open().guessAsk(length) }

//go:wasmexport guess_take
func guessTake(count int32) int32 { return s.open().guessTake(count) }

//go:wasmexport guess_best
func guessBest(length int32) int32 { return s.open().guessBest(length) }

// address of a buffer in linear memory, which is 32 bits wide.
func address(p unsafe.Pointer) int32 { return int32(uintptr(p)) }

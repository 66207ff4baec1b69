package engine

import (
	"fmt"
	"strings"
)

// Fault names what is wrong with a module.
type Fault string

const (
	NotWasm   Fault = "NOT_WASM"  // another kind of file
	Truncated Fault = "TRUNCATED" // ends before its last section does
	Malformed Fault = "MALFORMED" // WebAssembly that is not valid
	Imports   Fault = "IMPORTS"   // wants something of its host
	Exports   Fault = "EXPORTS"   // lacks a part of the interface
	Wrong     Fault = "VERSION"   // speaks another version of the interface
	Broken    Fault = "BROKEN"    // traps, or answers nonsense, as it starts
)

// LoadError says why a module is refused.
type LoadError struct {
	Fault  Fault
	Detail string // for people
}

func (e *LoadError) Error() string { return "core module refused: " + e.Detail }

func refuse(f Fault, format string, args ...any) error {
	return &LoadError{f, fmt.Sprintf(format, args...)}
}

// Item is an import or an export of a module.
type Item struct {
	Module string // of an import
	Name   string
	Kind   string // "func", "table", "memory", "global" or "tag"
	Type   string // of a function: "(i32, i32) → i32"
}

// Layout is what a module shows of itself without being run.
type Layout struct {
	Imports  []Item
	Exports  []Item
	Sections map[string]int // bytes of each section's content, by name
}

var (
	sectionNames = [...]string{"custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data", "data count", "tag"}
	kindNames    = [...]string{"func", "table", "memory", "global", "tag"}
)

// Inspect reads the sections of a WebAssembly module (core specification,
// section 5.5). It checks the framing and what it reports, not the code.
func Inspect(module []byte) (*Layout, error) {
	const magic = "\x00asm"
	if len(module) < 8 && strings.HasPrefix(magic+"\x01\x00\x00\x00", string(module)) {
		return nil, refuse(Truncated, "the file ends after %d bytes, within the header", len(module))
	}
	if len(module) < 8 || string(module[:4]) != magic {
		return nil, refuse(NotWasm, "not a WebAssembly module")
	}
	if string(module[4:8]) != "\x01\x00\x00\x00" {
		return nil, refuse(NotWasm, "not a WebAssembly module of binary version 1")
	}
	l := &Layout{Sections: make(map[string]int)}
	var types []string   // signatures
	var functions []uint // type of each function, imported ones first
	r := &scanner{b: module, at: 8}
	for r.at < len(module) {
		id := r.byte()
		size := int(r.uint())
		if r.bad {
			return nil, refuse(Truncated, "the file ends within a section's header, at byte %d", len(module))
		}
		if int(id) >= len(sectionNames) {
			return nil, refuse(Malformed, "unknown section %d at byte %d", id, r.at)
		}
		if left := len(module) - r.at; size > left {
			return nil, refuse(Truncated, "the %s section says %d bytes, but the file has %d more", sectionNames[id], size, left)
		}
		l.Sections[sectionNames[id]] += size
		s := &scanner{b: module[:r.at+size], at: r.at}
		switch id {
		case 1:
			for n := s.uint(); n > 0 && !s.bad; n-- {
				types = append(types, s.signature())
			}
		case 2:
			for n := s.uint(); n > 0 && !s.bad; n-- {
				item := Item{Module: s.name(), Name: s.name()}
				kind := s.byte()
				if int(kind) >= len(kindNames) {
					s.bad = true
					break
				}
				item.Kind = kindNames[kind]
				switch kind {
				case 0:
					f := s.uint()
					functions = append(functions, f)
					item.Type = typeOf(types, f)
				case 1:
					s.byte()
					s.limits()
				case 2:
					s.limits()
				case 3:
					s.byte()
					s.byte()
				case 4:
					s.byte()
					s.uint()
				}
				l.Imports = append(l.Imports, item)
			}
		case 3:
			for n := s.uint(); n > 0 && !s.bad; n-- {
				functions = append(functions, s.uint())
			}
		case 7:
			for n := s.uint(); n > 0 && !s.bad; n-- {
				item := Item{Name: s.name()}
				kind, index := s.byte(), s.uint()
				if int(kind) >= len(kindNames) {
					s.bad = true
					break
				}
				item.Kind = kindNames[kind]
				if kind == 0 && index < uint(len(functions)) {
					item.Type = typeOf(types, functions[index])
				}
				l.Exports = append(l.Exports, item)
			}
		}
		if s.bad {
			return nil, refuse(Malformed, "the %s section cannot be read", sectionNames[id])
		}
		r.at += size
	}
	return l, nil
}

func typeOf(types []string, i uint) string {
	if i >= uint(len(types)) {
		return ""
	}
	return types[i]
}

// scanner reads values of the binary format; bad is set by the first that is
// not there or not allowed, and all later ones are zero.
type scanner struct {
	b   []byte
	at  int
	bad bool
}

func (s *scanner) byte() byte {
	if s.bad || s.at >= len(s.b) {
		s.bad = true
		return 0
	}
	s.at++
	return s.b[s.at-1]
}

// uint reads an unsigned LEB128 number of up to 32 bits.
func (s *scanner) uint() uint {
	var v uint64
	for shift := 0; ; shift += 7 {
		c := s.byte()
		v |= uint64(c&0x7F) << shift
		if shift > 28 || v > 1<<32-1 {
			s.bad = true
		}
		if s.bad {
			return 0
		}
		if c < 0x80 {
			return uint(v)
		}
	}
}

func (s *scanner) name() string {
	n := int(s.uint())
	if s.bad || n > len(s.b)-s.at {
		s.bad = true
		return ""
	}
	s.at += n
	return string(s.b[s.at-n : s.at])
}

func (s *scanner) limits() {
	flags := s.byte()
	s.uint()
	if flags&1 != 0 {
		s.uint()
	}
}

func (s *scanner) signature() string {
	if s.byte() != 0x60 {
		s.bad = true
		return ""
	}
	params, results := s.valueTypes(), s.valueTypes()
	switch len(results) {
	case 0:
		return "(" + strings.Join(params, ", ") + ")"
	case 1:
		return "(" + strings.Join(params, ", ") + ") → " + results[0]
	}
	return "(" + strings.Join(params, ", ") + ") → (" + strings.Join(results, ", ") + ")"
}

var valueNames = map[byte]string{0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128", 0x70: "funcref", 0x6F: "externref"}

func (s *scanner) valueTypes() []string {
	var names []string
	for n := s.uint(); n > 0 && !s.bad; n-- {
		c := s.byte()
		name, ok := valueNames[c]
		if !ok {
			s.bad = true
		}
		names = append(names, name)
	}
	return names
}

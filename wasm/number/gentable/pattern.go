package main

import (
	"fmt"
	"strconv"
)

// node is a parsed pattern. Patterns use digits, \d, sets, groups, |, ?, {m,n}
// and a final $; anything else is refused, so that new syntax in the metadata
// is noticed here and not in wrong answers.
type node struct {
	op       byte   // 's' set, 'c' concatenation, '|' alternation, 'r' repeat, '(' capture, '$' end
	set      uint16 // bit d: digit d
	min, max int
	sub      []*node
}

const anyDigit = 1<<10 - 1

func parsePattern(text string) *node {
	p := &patternParser{text: text}
	n := p.alternation()
	if p.i != len(text) {
		p.fail()
	}
	return n
}

type patternParser struct {
	text string
	i    int
}

func (p *patternParser) fail() {
	panic(fmt.Sprintf("pattern %q: not understood at %d", p.text, p.i))
}

func (p *patternParser) peek() byte {
	if p.i < len(p.text) {
		return p.text[p.i]
	}
	return 0
}

func (p *patternParser) alternation() *node {
	alt := []*node{p.concatenation()}
	for p.peek() == '|' {
		p.i++
		alt = append(alt, p.concatenation())
	}
	if len(alt) == 1 {
		return alt[0]
	}
	return &node{op: '|', sub: alt}
}

func (p *patternParser) concatenation() *node {
	n := &node{op: 'c'}
	for p.i < len(p.text) && p.peek() != '|' && p.peek() != ')' {
		n.sub = append(n.sub, p.repetition())
	}
	if len(n.sub) == 1 {
		return n.sub[0]
	}
	return n
}

func (p *patternParser) repetition() *node {
	n := p.atom()
	for {
		switch p.peek() {
		case '?':
			p.i++
			n = &node{op: 'r', min: 0, max: 1, sub: []*node{n}}
		case '{':
			p.i++
			lo := p.number()
			hi := lo
			if p.peek() == ',' {
				p.i++
				hi = p.number()
			}
			if p.peek() != '}' {
				p.fail()
			}
			p.i++
			n = &node{op: 'r', min: lo, max: hi, sub: []*node{n}}
		default:
			return n
		}
	}
}

func (p *patternParser) number() int {
	start := p.i
	for p.peek() >= '0' && p.peek() <= '9' {
		p.i++
	}
	v, err := strconv.Atoi(p.text[start:p.i])
	if err != nil {
		p.fail()
	}
	return v
}

func (p *patternParser) atom() *node {
	c := p.peek()
	p.i++
	switch {
	case c >= '0' && c <= '9':
		return &node{op: 's', set: 1 << (c - '0')}
	case c == '\\' && p.peek() == 'd':
		p.i++
		return &node{op: 's', set: anyDigit}
	case c == '$':
		return &node{op: '$'}
	case c == '[':
		return &node{op: 's', set: p.set()}
	case c == '(':
		capture := true
		if p.peek() == '?' {
			p.i++
			if p.peek() != ':' {
				p.fail()
			}
			p.i++
			capture = false
		}
		n := p.alternation()
		if p.peek() != ')' {
			p.fail()
		}
		p.i++
		if capture {
			n = &node{op: '(', sub: []*node{n}}
		}
		return n
	}
	p.i--
	p.fail()
	return nil
}

func (p *patternParser) set() (set uint16) {
	for p.peek() != ']' {
		lo := p.peek()
		if lo < '0' || lo > '9' {
			p.fail()
		}
		p.i++
		hi := lo
		if p.peek() == '-' {
			p.i++
			hi = p.peek()
			p.i++
			if hi < lo || hi > '9' {
				p.fail()
			}
		}
		for d := lo; d <= hi; d++ {
			set |= 1 << (d - '0')
		}
	}
	p.i++
	return set
}

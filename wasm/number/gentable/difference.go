package main

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
)

// difference prints what changed from a to b, region by region: for what numbers
// match, how many are new and how many are gone, with one of each; for the rest,
// what it is.
func difference(w io.Writer, a, b *metadata) error {
	fmt.Fprintf(w, "%s → %s\n", a.Version, b.Version)
	changed := 0
	compareAll(a.Regions, b.Regions, func(r *region) string {
		if r.ID == "001" {
			return fmt.Sprint("+", r.Code)
		}
		return r.ID
	}, func(key string, o, n *region) {
		changed += compare(w, key, o, n)
	})
	compareAll(a.Short, b.Short, func(s *short) string { return s.ID }, func(key string, o, n *short) {
		changed += compare(w, key+" short numbers", o, n)
	})
	compareAll(a.Codes, b.Codes, func(c *code) string { return fmt.Sprint("+", c.Code) }, func(key string, o, n *code) {
		changed += compare(w, key, o, n)
	})
	if changed == 0 {
		fmt.Fprintln(w, "nothing changed")
	}
	return nil
}

// compareAll calls f for what has the same key, with nil for what is in one list
// alone.
func compareAll[T any](was, is []T, key func(*T) string, f func(string, *T, *T)) {
	old := map[string]*T{}
	for i := range was {
		old[key(&was[i])] = &was[i]
	}
	for i := range is {
		k := key(&is[i])
		f(k, old[k], &is[i])
		delete(old, k)
	}
	var gone []string
	for k := range old {
		gone = append(gone, k)
	}
	slices.Sort(gone)
	for _, k := range gone {
		f(k, old[k], nil)
	}
}

// compare prints the fields that differ and answers how many do.
func compare[T any](w io.Writer, key string, was, is *T) (changed int) {
	switch {
	case was == nil:
		fmt.Fprintf(w, "%s: added\n", key)
		return 1
	case is == nil:
		fmt.Fprintf(w, "%s: removed\n", key)
		return 1
	}
	o, n := reflect.ValueOf(*was), reflect.ValueOf(*is)
	for f := range n.NumField() {
		a, b := o.Field(f).Interface(), n.Field(f).Interface()
		if reflect.DeepEqual(a, b) {
			continue
		}
		changed++
		fmt.Fprintf(w, "%s: %s%s\n", key, n.Type().Field(f).Name, describe(a, b))
	}
	return changed
}

// describe says what is different about a field, as far as a line can.
func describe(a, b any) string {
	switch a := a.(type) {
	case *desc:
		return numbers(a, b.(*desc))
	case string:
		if b := b.(string); len(a)+len(b) < 60 {
			return fmt.Sprintf(" %q → %q", a, b)
		}
	case []string:
		return fmt.Sprint(" ", a, " → ", b)
	}
	return ""
}

// numbers says how many numbers match one description and not the other.
func numbers(a, b *desc) string {
	st := newStore()
	language := func(d *desc) *state {
		if d == nil || d.Pattern == "" {
			return nil
		}
		return st.language(d.Pattern, false, nil)
	}
	text := ""
	is, was := language(b), language(a)
	for _, side := range []struct {
		word    string
		of, not *state
	}{{"new", is, was}, {"gone", was, is}} {
		memo := map[[2]*state]uint64{}
		if n := beyond(side.of, side.not, memo); n > 0 {
			if text != "" {
				text += ","
			}
			text += fmt.Sprintf(" %s %s, such as %s", grouped(n), side.word, one(side.of, side.not, memo))
		}
	}
	if text == "" {
		return " lengths or example"
	}
	return text
}

// beyond counts what a accepts and b does not.
func beyond(a, b *state, memo map[[2]*state]uint64) uint64 {
	if a == nil || a == b {
		return 0
	}
	key := [2]*state{a, b}
	if n, ok := memo[key]; ok {
		return n
	}
	var n uint64
	if a.class != 0 && (b == nil || b.class == 0) {
		n = 1
	}
	for d := range a.next {
		n += beyond(a.next[d], b.after(d), memo)
	}
	memo[key] = n
	return n
}

// one returns the first of them.
func one(a, b *state, memo map[[2]*state]uint64) string {
	if a.class != 0 && (b == nil || b.class == 0) {
		return ""
	}
	for d := range a.next {
		if beyond(a.next[d], b.after(d), memo) > 0 {
			return strconv.Itoa(d) + one(a.next[d], b.after(d), memo)
		}
	}
	return ""
}

func (s *state) after(digit int) *state {
	if s == nil {
		return nil
	}
	return s.next[digit]
}

// grouped writes a number with commas.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

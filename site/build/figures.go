package main

import (
	"fmt"
	"strconv"
	"strings"
)

// figure is a number that a benchmark wrote.
type figure struct {
	Text  string  // as it was written, such as "49.3"
	Share float64 // in percent of the largest of its table, for a bar
}

// readFigures returns the last column of a table of package sealbook's README, by
// the first cells of its rows. Benchmarks write these tables between two marks, so
// that a page shows what they measured and nothing else.
func readFigures(readme, table string) (map[string]figure, error) {
	_, rest, opened := strings.Cut(readme, "<!-- "+table+": written by ")
	text, _, closed := strings.Cut(rest, "<!-- end of "+table+" -->")
	if !opened || !closed {
		return nil, fmt.Errorf("the package's README has no table of %s", table)
	}
	numbers := map[string]float64{}
	figures := map[string]figure{}
	most := 0.0
	for line := range strings.SplitSeq(text, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		what, last := cells[0], cells[len(cells)-1]
		n, err := strconv.ParseFloat(last, 64)
		if err != nil {
			continue // the mark, the head and the line below it
		}
		numbers[what], figures[what] = n, figure{Text: last}
		most = max(most, n)
	}
	if len(figures) == 0 {
		return nil, fmt.Errorf("the package's README has no row of %s", table)
	}
	for what, f := range figures {
		f.Share = 100 * numbers[what] / most
		figures[what] = f
	}
	return figures, nil
}

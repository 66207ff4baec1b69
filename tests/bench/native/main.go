// Native measures on this machine, compiled for it, what the benchmarks
// measure of the core in JavaScript engines. It writes the texts that all of
// them read to the file that -texts names, and its times as JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"sealbook/tests/bench/messy"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

func main() {
	texts := flag.String("texts", "", "`file` to write the texts to")
	n := flag.Int("n", 100_000, "how many texts")
	rounds := flag.Int("rounds", 5, "of each, of which the median counts")
	flag.Parse()
	books := messy.Books(1, *n)
	if *texts != "" {
		data, err := json.Marshal(books)
		if err == nil {
			err = os.WriteFile(*texts, data, 0o644)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(2)
		}
	}
	runtime.GOMAXPROCS(1)
	m := measurer{books, *n, *rounds, new(batch.Batch)}
	out := map[string]float64{
		"parse one":         m.median(m.one),
		"parse batch":       m.median(func() { m.parse(0) }),
		"parse batch, info": m.median(func() { m.parse(batch.Info) }),
		"sha256 batch":      m.digest("e164_plus/sha256/hex"),
		"sha512 batch":      m.digest("e164_plus/sha512/hex"),
		"md5 batch":         m.digest("e164_plus/md5/hex"),
	}
	json.NewEncoder(os.Stdout).Encode(out)
}

type measurer struct {
	books  []messy.Book
	n      int
	rounds int
	b      *batch.Batch
}

// median is nanoseconds an item.
func (m measurer) median(f func()) float64 {
	f()
	times := make([]float64, m.rounds)
	for i := range times {
		began := time.Now()
		f()
		times[i] = float64(time.Since(began)) / float64(m.n)
	}
	slices.Sort(times)
	return times[m.rounds/2]
}

var sink byte

func (m measurer) one() {
	var text [number.MaxText]byte
	for _, book := range m.books {
		for _, s := range book.Texts {
			if n, err := number.Parse(s, book.Region); err == nil {
				sink += n.Append(text[:0], number.E164)[1]
			}
		}
	}
}

// each has the batch parse all texts, and calls then after each call.
func (m measurer) each(mode batch.Mode, then func(items int)) {
	for _, book := range m.books {
		rest := strings.Join(book.Texts, "\n")
		for rest != "" {
			length := copy(m.b.Input[:], rest)
			items, failure := m.b.Parse(length, batch.RegionCode(book.Region), mode)
			if failure != 0 {
				panic(failure)
			}
			consumed := m.b.Status.Consumed // before then calls others
			then(items)
			rest = rest[consumed:]
		}
	}
}

func (m measurer) parse(mode batch.Mode) { m.each(mode, func(int) {}) }

// digest is what digesting costs beyond parsing.
func (m measurer) digest(spec string) float64 {
	handle, failure := m.b.Recipe(copy(m.b.Input[:], spec))
	if failure != 0 {
		panic(failure)
	}
	both := m.median(func() {
		m.each(0, func(items int) {
			for first := 0; first < items; {
				n, failure := m.b.Digest(handle, first)
				if failure != 0 {
					panic(failure)
				}
				first += n
			}
		})
	})
	return both - m.median(func() { m.parse(0) })
}

// Native measures on this machine, compiled for it, what the benchmarks
// measure of the core in JavaScript engines. It writes the texts that all of
// them read to the file that -texts names, and its times as JSON. With -peer it
// measures nyaruka's port of libphonenumber instead, and writes its answers too.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"sealbook/tests/bench/messy"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

func main() {
	texts := flag.String("texts", "", "`file` to write the texts to")
	n := flag.Int("n", 100_000, "how many texts")
	rounds := flag.Int("rounds", 5, "of each, of which the median counts")
	peer := flag.Bool("peer", false, "measure nyaruka's port")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	m := measurer{messy.Books(1, *n), *n, *rounds, new(batch.Batch)}
	if *peer {
		began := time.Now()
		parse("020 7946 0123", "GB")
		cold := time.Since(began)
		times, answers := nyaruka(m)
		write(os.Stdout, map[string]any{"times": times, "answers": answers, "cold": milliseconds(cold), "rss": peak()})
		return
	}
	if *texts != "" {
		f, err := os.Create(*texts)
		if err == nil {
			write(f, m.books)
			err = f.Close()
		}
		if err != nil {
			fail(err)
		}
	}
	began := time.Now()
	number.Parse("020 7946 0123", "GB")
	cold := time.Since(began)
	out := map[string]float64{
		"parse one":         m.median(m.one),
		"parse batch":       m.median(func() { m.parse(0) }),
		"parse batch, info": m.median(func() { m.parse(batch.Info) }),
		"cold":              milliseconds(cold),
		"rss":               peak(),
	}
	for _, a := range []string{"sha256", "sha512", "md5"} {
		out[a+" batch"] = m.digest("e164_plus/" + a + "/hex")
	}
	write(os.Stdout, out)
}

func write(f *os.File, v any) {
	if err := json.NewEncoder(f).Encode(v); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "error:", err)
	os.Exit(2)
}

func milliseconds(d time.Duration) float64 { return float64(d) / 1e6 }

// peak is the most memory that this process has had, in MB.
func peak() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Maxrss) / 1024
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

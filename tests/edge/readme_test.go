package edge_test

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"sealbook/wasm/edge"
)

// thousands writes an integer with commas.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// abuse is what an attacker gets of a directory with these limits.
func abuse(l edge.Limits) string {
	var b strings.Builder
	b.WriteString("| who has | codes a day | evaluations, first day | further days |\n|---|--:|--:|--:|\n")
	const day = 24
	address, network := l.SendsAddress*day, min(l.SendsNetwork, 65536*l.SendsAddress)*day
	for _, who := range []struct {
		name           string
		codes, numbers int64
	}{
		{"one number", min(l.SendsPerDay, l.SendsPerHour*day), 1},
		{"one IPv4 address or IPv6 /64", min(address, l.SendsCalling*day, l.SendsTotal*day), 0},
		{"one IPv6 /48", min(network, l.SendsCalling*day, l.SendsTotal*day), 0},
		{"1,000 addresses, one country", min(1000*address, l.SendsCalling*day, l.SendsTotal*day), 0},
		{"1,000 addresses, all countries", min(1000*address, l.SendsTotal*day), 0},
	} {
		numbers := max(who.numbers, 0)
		if numbers == 0 {
			numbers = who.codes // one is enough for each
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", who.name, thousands(who.codes), thousands(numbers*l.Budget), thousands(numbers*l.RefillPerDay))
	}
	// Codes that are out before the last of the wrong tries are counted stay short.
	short := l.WrongPerMonth - 1 + l.SendsPerHour*l.CodeTries
	year := float64(short) * 365 / 30
	long := float64(l.SendsPerDay*l.CodeTries*365) - year
	odds := func(tries float64, digits int) string {
		n := math.Pow10(digits) / tries
		round := math.Pow10(int(math.Log10(n)) - 2)
		return thousands(int64(math.Round(n/round) * round))
	}
	fmt.Fprintf(&b, "\nGuessing somebody's code: at most %d tries of %d digits in 30 days, one in %s a year; the other %s tries of a year are of 12 digits, one in %s.\n",
		short, l.CodeDigits, odds(year, l.CodeDigits), thousands(int64(math.Ceil(long))), odds(long, 12))
	return b.String()
}

// The table of the README is what the code's own numbers make.
func TestReadmeTable(t *testing.T) {
	text, err := os.ReadFile(root + "/wasm/edge/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok1 := strings.Cut(string(text), "<!-- abuse: kept by TestReadmeTable -->\n")
	got, _, ok2 := strings.Cut(rest, "<!-- end of abuse -->")
	if want := abuse(edge.DefaultLimits()); !ok1 || !ok2 || got != want {
		t.Errorf("wasm/edge/README.md should have, between its marks:\n%s", want)
	}
}

// And the worst that it says of guessing is the worst that there is: every try
// that a number's codes allow in 30 days, at once and one after the other, of
// which so many are of short codes.
func TestGuesses(t *testing.T) {
	p := newInProcess(t)
	l := edge.DefaultLimits()
	p.publish(t)
	const number = "+12025550101"
	short, wrong := int64(0), []int64{}
	for hour := range 30 * 24 {
		var open []string
		for range l.SendsPerHour {
			if status, _, _ := p.begin(t, number, ""); status != 202 {
				break
			}
		}
		p.mu.Lock()
		for id, code := range p.codes {
			open = append(open, id)
			if len(code) == l.CodeDigits {
				short += l.CodeTries
			}
			delete(p.codes, id)
		}
		p.mu.Unlock()
		for _, id := range open {
			for try := range l.CodeTries {
				// The first days one try is left out, as somebody would who knows the limit.
				if int64(len(wrong)) == l.WrongPerMonth-1 && try > 0 && hour < 48 {
					break
				}
				confirmWrong(t, p, id, number)
				wrong = append(wrong, int64(hour))
			}
		}
		p.ahead.Add(3600e9)
	}
	if most := l.WrongPerMonth - 1 + l.SendsPerHour*l.CodeTries; short > most || short == 0 {
		t.Errorf("%d tries of short codes in 30 days, and the README says %d", short, most)
	}
}

package figures

import (
	"fmt"
	"strings"
)

// price is what Cloudflare asks for in US dollars a month, on the paid plan of
// Workers: for each unit over what is included.
type price struct {
	name           string
	unit, included float64
	dollars        float64
	source         string
}

// Prices as Cloudflare's documentation had them in 2026; the copies that were read
// on that day are from April to October.
const pricesRead = "2026-11-29"

const (
	plan           = 5
	workersPrices  = "https://developers.cloudflare.com/workers/platform/pricing/"
	d1Prices       = "https://developers.cloudflare.com/d1/platform/pricing/"
	d1Limits       = "https://developers.cloudflare.com/d1/platform/limits/"
	r2Prices       = "https://developers.cloudflare.com/r2/pricing/"
	durablePrices  = "https://developers.cloudflare.com/durable-objects/platform/pricing/"
	databaseLimit  = 10e9 // bytes
	databasePrefer = 0.8  // of it
)

var (
	requests     = price{"requests", 1e6, 10e6, 0.30, workersPrices}
	milliseconds = price{"CPU, ms", 1e6, 30e6, 0.02, workersPrices}
	rowsRead     = price{"D1 rows read", 1e6, 25e9, 0.001, d1Prices}
	rowsWritten  = price{"D1 rows written", 1e6, 50e6, 1.00, d1Prices}
	d1Storage    = price{"D1 GB", 1, 5, 0.75, d1Prices}
	classA       = price{"R2 writes", 1e6, 1e6, 4.50, r2Prices}
	classB       = price{"R2 reads", 1e6, 10e6, 0.36, r2Prices}
	r2Storage    = price{"R2 GB", 1, 10, 0.015, r2Prices}
	objects      = price{"Durable Object requests", 1e6, 1e6, 0.15, durablePrices}
	gigabytes    = price{"Durable Object GB-s", 1e6, 400e3, 12.50, durablePrices}
	prices       = []price{requests, milliseconds, rowsRead, rowsWritten, d1Storage, classA, classB, r2Storage, objects, gigabytes}
)

func (p price) of(n float64) float64 { return max(n-p.included, 0) / p.unit * p.dollars }

// month is what people use in 30 days of whom a tenth syncs daily, and of whom one
// in a hundred changes the own record on a day.
type month struct {
	people                        float64
	requests, cpu                 float64 // cpu in ms
	read, written, a, b           float64
	database, published           float64 // GB
	objects, gigabytes            float64
	egress                        float64 // GB
	publications, publishing, age float64 // how many; s each; s between two
}

const (
	days      = 30
	syncing   = 0.1  // of the people, each day
	changing  = 0.01 // of the people, each day
	hourFiles = 25   // whole hours since yesterday, and the running one
	wholeList = 131_072
)

func (f Figures) month(people float64) month {
	m := month{people: people}
	add := func(n float64, k Kind) {
		m.requests += n
		m.cpu += n * k.Worker
		m.read += n * k.Used.Read
		m.written += n * k.Used.Written
		m.b += n * k.Used.B
		m.egress += n * k.Bytes / 1e9
	}
	syncs := people * syncing * days
	for _, name := range []string{"`GET /v2/directory`", "`GET /v2/log/update`", "`GET /v2/me`", "evaluation of 8"} {
		add(syncs, f.kind(name))
	}
	// Of the size that an hour's changes have, 16 bytes for each.
	hours := f.kind("the hour's changes")
	hours.Bytes = people * changing / 24 * 16
	add(syncs*hourFiles, hours)
	if people <= wholeList {
		records := f.kind("their records")
		records.Bytes = people * changing / 24 * 64
		add(syncs*hourFiles, records)
	}
	puts := people * changing * days
	put := f.kind("`PUT /v2/me/record`")
	add(puts, put)
	m.objects = puts

	// Publishing takes as long as there are people, and is at most a twentieth of
	// the time. CPU stands for it: what it took here is that of a busy machine.
	p := f.publishing("10,000 changes")
	scale := people / float64(f.People)
	m.publishing = p.CPU * scale
	m.age = max(60, 20*m.publishing)
	m.publications = days * 86400 / m.age
	m.cpu += m.publications * p.CPU * 1e3 * scale
	m.a += m.publications * (10 + (p.Used.A-10)*scale)
	m.b += m.publications * max(p.Used.B*scale, 10)
	changes := puts
	m.read += changes * p.Used.Read / 10_000
	m.written += changes * p.Used.Written / 10_000
	m.objects += m.publications
	m.gigabytes = days * 86400 / 20 * 0.128 // at most
	m.database = float64(f.Database) / float64(f.People) * people / 1e9
	state := people * (64 + float64(f.Tags)/float64(f.People)) / 1e9
	m.published = state*(2+600/m.age) + people*changing*8*80/1e9
	return m
}

func (m month) dollars() float64 {
	return plan + requests.of(m.requests) + milliseconds.of(m.cpu) + rowsRead.of(m.read) + rowsWritten.of(m.written) +
		d1Storage.of(m.database) + classA.of(m.a) + classB.of(m.b) + r2Storage.of(m.published) + objects.of(m.objects) + gigabytes.of(m.gigabytes)
}

func (f Figures) costs() string {
	var t strings.Builder
	fmt.Fprintf(&t, "Reckoned for 30 days from the figures for %s people in worker/README.md, which says what of them is measured, and Cloudflare's prices of %s for the paid plan of Workers, in US dollars. A tenth of the people syncs each day: %d requests, %d of them for the changes of an hour; twice those where records are read whole, up to 131,072 people. One in a hundred changes the own record on a day. CPU is that of the whole workerd process, simulators too: an upper bound.\n\n",
		count(f.People), pricesRead, 4+hourFiles, hourFiles)
	t.WriteString("| people |")
	all := []month{f.month(1e5), f.month(1e6), f.month(1e7)}
	for _, m := range all {
		fmt.Fprintf(&t, " %s |", count(int(m.people)))
	}
	t.WriteString("\n|---|--:|--:|--:|\n")
	row := func(name string, value func(month) string) {
		fmt.Fprintf(&t, "| %s |", name)
		for _, m := range all {
			fmt.Fprintf(&t, " %s |", value(m))
		}
		t.WriteByte('\n')
	}
	priced := func(p price, n func(month) float64) func(month) string {
		return func(m month) string { return fmt.Sprintf("%s: $%.2f", short(n(m)), p.of(n(m))) }
	}
	row("requests", priced(requests, func(m month) float64 { return m.requests }))
	row("CPU, ms", priced(milliseconds, func(m month) float64 { return m.cpu }))
	row("D1 rows read", priced(rowsRead, func(m month) float64 { return m.read }))
	row("D1 rows written", priced(rowsWritten, func(m month) float64 { return m.written }))
	row("D1, GB", priced(d1Storage, func(m month) float64 { return m.database }))
	row("R2 writes and lists", priced(classA, func(m month) float64 { return m.a }))
	row("R2 reads", priced(classB, func(m month) float64 { return m.b }))
	row("R2, GB", priced(r2Storage, func(m month) float64 { return m.published }))
	row("Durable Object, requests", priced(objects, func(m month) float64 { return m.objects }))
	row("Durable Object, GB-s at most", priced(gigabytes, func(m month) float64 { return m.gigabytes }))
	row("egress, GB", func(m month) string { return short(m.egress) + ": free" })
	row("**in all, with $5 for the plan**", func(m month) string { return fmt.Sprintf("**$%.2f**", m.dollars()) })
	row("seconds of CPU that publishing takes", func(m month) string { return fmt.Sprintf("%.1f", m.publishing) })
	row("seconds between two states, at least", func(m month) string { return fmt.Sprintf("%.0f", m.age) })
	person := float64(f.Database) / float64(f.People)
	most := databaseLimit / person
	fmt.Fprintf(&t, "\nCodes cost more than all of it: where a text message is $0.05, %s people who register are $%s.\n", count(1e6), count(50_000))
	fmt.Fprintf(&t, "\nD1 holds 10 GB a database, and a person takes %.0f bytes with all indexes: %s million people. The protocol's lists end at 2²⁴, 16.7 million.\n",
		person, fmt.Sprintf("%.1f", most/1e6))
	t.WriteString("\nPrices: ")
	for i, p := range prices {
		if i > 0 {
			t.WriteString("; ")
		}
		fmt.Fprintf(&t, "%s %s included, then $%g for %s", p.name, short(p.included), p.dollars, short(p.unit))
	}
	fmt.Fprintf(&t, "; egress free. Read on %s in copies of that year: [Workers](%s), [D1](%s), [its limits](%s), [R2](%s), [Durable Objects](%s).\n",
		pricesRead, workersPrices, d1Prices, d1Limits, r2Prices, durablePrices)
	if len(f.Private) > 0 {
		t.WriteString(f.private())
	}
	return t.String()
}

// short writes a large number as people say it.
func short(n float64) string {
	for _, s := range []struct {
		size float64
		name string
	}{{1e9, " billion"}, {1e6, " million"}} {
		if n >= s.size {
			return fmt.Sprintf("%.3g%s", n/s.size, s.name)
		}
	}
	if n >= 1000 {
		return count(int(n))
	}
	return fmt.Sprintf("%.3g", n)
}

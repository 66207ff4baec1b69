package edge

import (
	"errors"
	"fmt"

	"sealbook/wasm/directory"
)

// Limits are what an operator may choose. Those of directory.Limits are
// published.
type Limits struct {
	directory.Limits
	// Sends of codes: to a number in a day; in an hour for an IPv4 address or an
	// IPv6 /64, for an IPv6 /48, for a calling code, and in all.
	SendsPerDay, SendsAddress, SendsNetwork, SendsCalling, SendsTotal int64
	// After so many wrong tries for a number in a day, or in 30 days, its codes
	// have 12 digits.
	WrongPerDay, WrongPerMonth int64
	RecordsPerDay              int64 // new records of an account
	Renewal                    int64 // seconds that a number's new owner waits for its account
	Interval                   int64 // seconds between two states, at least
	// Share is how many times what publishing takes lies between two states, at
	// least.
	Share int64
}

// DefaultLimits are those of the protocol's text.
func DefaultLimits() Limits {
	return Limits{
		Limits:      directory.DefaultLimits(),
		SendsPerDay: 6, SendsAddress: 30, SendsNetwork: 60, SendsCalling: 600, SendsTotal: 3000,
		WrongPerDay: 10, WrongPerMonth: 30, RecordsPerDay: 24, Renewal: 86400, Interval: 60, Share: 20,
	}
}

// Option is a limit that an operator may set: the native server takes -name, the
// worker SEALBOOK_NAME, with an underline for each dash.
type Option struct {
	Name        string
	Value       *int64
	Least, Most int64
	What        string
}

// Options are all of them.
func (l *Limits) Options() []Option {
	const many = 1 << 31
	return []Option{
		{"budget", &l.Budget, directory.MaxBatch, 1 << 20, "evaluations of an account"},
		{"refill", &l.RefillPerDay, 1, 1 << 20, "of which come back in a day"},
		{"code-seconds", &l.CodeSeconds, 60, 3600, "for how long a code is taken"},
		{"code-tries", &l.CodeTries, 1, 10, "how often it may be tried"},
		{"wrong-day", &l.WrongPerDay, 1, many, "wrong tries for a number in a day, then its codes are longer"},
		{"wrong-month", &l.WrongPerMonth, 1, many, "the same in 30 days"},
		{"sends", &l.SendsPerHour, 1, 60, "codes an hour for a number"},
		{"sends-day", &l.SendsPerDay, 1, many, "codes a day for a number"},
		{"sends-address", &l.SendsAddress, 1, many, "codes an hour for an IPv4 address or an IPv6 /64"},
		{"sends-network", &l.SendsNetwork, 1, many, "codes an hour for an IPv6 /48"},
		{"sends-calling", &l.SendsCalling, 1, many, "codes an hour for a calling code"},
		{"sends-total", &l.SendsTotal, 1, many, "codes an hour in all"},
		{"records", &l.RecordsPerDay, 1, many, "new records of an account in a day"},
		{"renewal", &l.Renewal, 0, 30 * 86400, "seconds until a number's account comes to who has its codes alone"},
		{"interval", &l.Interval, 1, 6 * 3600, "seconds between two states"},
		{"share", &l.Share, 1, 1000, "or so many times what publishing takes, if that is more"},
	}
}

// Digits of codes: the published number, and after too many wrong tries.
const hardDigits = 12

func (l Limits) check() error {
	for _, o := range l.Options() {
		if *o.Value < o.Least || *o.Value > o.Most {
			return fmt.Errorf("edge: %s must be from %d to %d", o.Name, o.Least, o.Most)
		}
	}
	if err := l.Limits.Check(); err != nil {
		return errors.New("edge: limits that clients do not take")
	}
	return nil
}

func (l Limits) budget() directory.Budget {
	return directory.Budget{Size: l.Budget, PerDay: l.RefillPerDay}
}

// mostWrong is how many wrong tries are counted at most: more make no
// difference.
func (l Limits) mostWrong() int64 { return max(l.WrongPerDay, l.WrongPerMonth) }

// Development makes limits those of a server for trying things out: a state is
// published every 2 seconds, and nobody waits for a renewal. What was chosen
// stays.
//
// Whoever tries things out waits for the next state. On a busy machine
// publishing takes a quarter of a second where nothing is published, and 20
// times that is too long; few enough are served to take a quarter of the time.
func Development(l *Limits, interval, renewal bool) {
	if !interval {
		l.Interval, l.Share = 2, 4
	}
	if !renewal {
		l.Renewal = 0
	}
}

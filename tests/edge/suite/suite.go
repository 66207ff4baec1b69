//go:build old

// Package suite is what every directory server must do over HTTP, whatever it
// runs on. It knows a server by its address alone, and needs a way to read the
// codes that it sends and to start it again.
package suite

import (
	"testing"
	"time"
)

// Server is a directory server under test. It must allow a network address at
// least 100,000 codes an hour, else have the limits of the protocol's text.
type Server struct {
	URL string // without a slash at the end
	Key string // verifier key
	// Code waits for the code that was sent for a registration.
	Code func(t testing.TB, registration string) string
	// Restart ends the server and starts it again with what it had stored, and
	// answers its address, which may be another.
	Restart func(t testing.TB) string
	// Advance moves the server's clock. Nil where nobody can: what takes time is
	// not tested there.
	Advance func(time.Duration)

	// OneShot makes a connection for each request. workerd takes a connection
	// for idle when its one thread was busy for some seconds.
	OneShot bool

	numbers *numbers
	ahead   time.Duration // of the clock that it began with
}

// New is a server that is used without the suite.
func New(url, key string, code func(testing.TB, string) string) *Server {
	return &Server{URL: url, Key: key, Code: code, numbers: new(numbers)}
}

// check is one subject.
type check struct {
	name string
	run  func(*testing.T, *Server)
}

var checks = []check{
	{"parameters", parameters},
	{"methods and paths", methods},
	{"life of an account", life},
	{"bodies of registrations", registrationBodies},
	{"binary bodies", binaryBodies},
	{"cut bodies", cutBodies},
	{"numbers", numbersRefused},
	{"consent", consent},
	{"codes", codes},
	{"codes at once", codesAtOnce},
	{"sends", sends},
	{"renewal", renewal},
	{"credentials", credentials},
	{"scopes", scopes},
	{"evaluations", evaluations},
	{"elements", elements},
	{"budget at once", budgetAtOnce},
	{"files", files},
	{"ranges", ranges},
	{"deltas", deltas},
	{"buckets", buckets},
	{"records", records},
}

// timed are the subjects that need a clock that can be moved.
var timed = []check{
	{"code expires", codeExpires},
	{"sends are forgotten", sendsForgotten},
	{"budget refills", budgetRefills},
	{"removals are forgotten", removalsForgotten},
	{"clock set back", clockBack},
}

// Run runs everything, then starts the server again, looks whether all is still
// there, and runs everything again.
func Run(t *testing.T, s *Server) {
	s.numbers = new(numbers)
	run := func(t *testing.T) {
		for _, c := range checks {
			t.Run(c.name, func(t *testing.T) { c.run(t, s) })
		}
		for _, c := range timed {
			if s.Advance == nil {
				break
			}
			t.Run(c.name, func(t *testing.T) { c.run(t, s) })
			s.advance(-s.ahead)
		}
	}
	t.Run("first", run)
	t.Run("restart", func(t *testing.T) { restart(t, s) })
	t.Run("second", run)
}

// advance moves the clock, for one subject.
func (s *Server) advance(d time.Duration) {
	s.Advance(d)
	s.ahead += d
}

// Package suite is what every directory server must do over HTTP, whatever it
// runs on. It knows a server by its address alone, and needs a way to read the
// codes that it sends and to start it again.
package suite

import (
	"testing"
	"time"
)

// Server is a directory server under test. It has the limits of the protocol's
// text, renewal too, but that any address, network, calling code and all
// together may have 100,000 codes an hour at least, and that it publishes every
// second.
type Server struct {
	URL string // without a slash at the end
	Key string // verifier key
	// Code waits for the code that was sent for a registration.
	Code func(t testing.TB, registration string) string
	// Restart ends the server and starts it again with what it had stored, and
	// returns its address, which may be another.
	Restart func(t testing.TB) string
	// Cosigned puts what witnesses signed of the log where the operator puts it, and
	// returns the server's address, which may be another.
	Cosigned func(t testing.TB, text string) string
	// Publish publishes. Nil where the server does it by its own clock.
	Publish func(t testing.TB)
	// Fresh starts a server of its own, with a clock that can be moved. Nil where
	// nobody can: what takes time is not tested there.
	Fresh func(t testing.TB) *Server
	// Advance moves the clock of a fresh server.
	Advance func(time.Duration)

	// OneShot makes a connection for each request. workerd takes a connection
	// for idle when its one thread was busy for some seconds.
	OneShot bool

	numbers *numbers
	log     known
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
	{"origins", origins},
	{"life of an account", life},
	{"bodies of registrations", registrationBodies},
	{"binary bodies", binaryBodies},
	{"cut bodies", cutBodies},
	{"numbers", numbersRefused},
	{"kinds of numbers", kinds},
	{"consent", consent},
	{"codes", codes},
	{"codes at once", codesAtOnce},
	{"longer codes", longerCodes},
	{"sends", sends},
	{"renewal", renewal},
	{"renewal refused", renewalRefused},
	{"withdrawal by code", withdrawalByCode},
	{"budget after withdrawal", budgetAfterWithdrawal},
	{"credentials", credentials},
	{"scopes", scopes},
	{"evaluations", evaluations},
	{"elements", elements},
	{"budget at once", budgetAtOnce},
	{"records at once", recordsAtOnce},
	{"files", files},
	{"ranges", ranges},
	{"versions", versions},
	{"changes", changes},
	{"log", logOfStates},
	{"records", records},
	{"health", health},
}

// timed are the subjects that need a clock that can be moved.
var timed = []check{
	{"code expires", codeExpires},
	{"sends are forgotten", sendsForgotten},
	{"wrong tries are forgotten", wrongForgotten},
	{"renewal comes", renewalComes},
	{"budget refills", budgetRefills},
	{"records a day", recordsADay},
	{"hours", hours},
	{"leaf every six hours", leaves},
	{"clock set back", clockBack},
}

// Run runs everything, then starts the server again, looks whether all is still
// there, and runs everything again. Then witnesses cosign the log.
func Run(t *testing.T, s *Server) {
	s.numbers = new(numbers)
	run := func(t *testing.T) {
		for _, c := range checks {
			t.Run(c.name, func(t *testing.T) { c.run(t, s) })
		}
	}
	t.Run("first", run)
	t.Run("restart", func(t *testing.T) { restart(t, s) })
	t.Run("second", run)
	last := check{"cosigned", cosigned}
	t.Run(last.name, func(t *testing.T) { last.run(t, s) })
	if s.Fresh == nil {
		return
	}
	for _, c := range timed {
		t.Run(c.name, func(t *testing.T) {
			fresh := s.Fresh(t)
			fresh.numbers = new(numbers)
			c.run(t, fresh)
		})
	}
}

// Verifier checks phone numbers and their digests on this machine, finds contacts
// in a directory without showing it which, and says whether a site is the release
// that its log has. Only the commands that talk to a directory, and site, serve,
// release and log, open a connection, to what the user and the policy name; witness
// listens.
//
//	verifier number    text to E.164, validity, type and region
//	verifier hash      the digests that platforms exchange
//	verifier recipes   the published ways to hash a number
//	verifier contacts  which numbers of your contacts are worth looking for
//	verifier match     whose number a digest is
//	verifier audit     which contacts an app sent, by a recording of its traffic
//	verifier wasm      look into a core.wasm and hold it against native code
//	verifier register  open an account with a directory; confirm enters the code
//	verifier discover  which contacts are there; record, me and withdraw, one's own entry
//	verifier transcript  whether all that was sent is explained
//	verifier site      whether a site serves what was published, to everybody
//	verifier serve     check a release, then serve it on this machine
//	verifier release   whether all of a release is what was published
//	verifier key       whether a directory has had one key an epoch, for everybody
//	verifier receipt   whether a receipt is true, also after a withdrawal
//	verifier log       read a log whole, mirror and compare it, have it cosigned
//	verifier witness   cosign what logs only grew to
//
// Each command explains itself with --help: what goes in and comes out, its
// exit codes and examples.
//
// Results go to standard output and all else to standard error, as "error:",
// "hint:", "warning:" or "note:". None of these repeats what was read: they name a
// line, never a number. The exit code is 0 for verified or clean, 1 for found
// or not verified, and 2 when it could not be checked.
//
// Numbers, hashes and matches are computed by native code or, with --engine
// wasm, by the published core.wasm that is part of this program, under wazero:
// the very bytes that pages load, with the same output.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"sealbook/verifier/stream"
)

func main() {
	// A closed pipe becomes an error of writing like any other.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// session is where a command reads and writes.
type session struct {
	*options
	in          *os.File
	out, errOut *os.File
}

// run runs the program and answers its exit code.
func run(args []string, in, out, errOut *os.File) int {
	code, err := dispatch(args, in, out, errOut)
	if err == nil {
		return code
	}
	explain(errOut, err)
	if f, ok := errors.AsType[*failure](err); ok && f.exit != 0 {
		return f.exit
	}
	return unknown
}

func dispatch(args []string, in, out, errOut *os.File) (int, error) {
	if len(args) == 0 {
		printUsage(errOut)
		return unknown, nil
	}
	name := args[0]
	switch name {
	case "-h", "--help":
		name = "help"
	case "-v", "--version":
		name = "version"
	}
	c := findCommand(name)
	if c == nil {
		return 0, fail("no such command", "verifier help lists the commands")
	}
	o, err := c.parse(args[1:])
	if err != nil {
		return 0, err
	}
	if o.help {
		return clean, print(out, c.help())
	}
	return c.run(&session{options: o, in: in, out: out, errOut: errOut})
}

// explain writes what went wrong, and what to do about it if that is known.
func explain(w io.Writer, err error) {
	message, hint := err.Error(), ""
	if f, ok := errors.AsType[*failure](err); ok {
		hint = f.hint
	}
	if e, ok := errors.AsType[*stream.WriteError](err); ok {
		switch {
		case errors.Is(e, syscall.EPIPE):
			message = "the output was closed before all was written"
		case errors.Is(e, syscall.ENOSPC):
			hint = "what was written so far is whole lines"
		}
	}
	// One write, so that lines of several programs don't mix.
	text := "error: " + oneLine(message) + "\n"
	if hint != "" {
		text += "hint: " + hint + "\n"
	}
	io.WriteString(w, text)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// print writes all of a short output.
func print(out io.Writer, text string) error {
	if _, err := io.WriteString(out, text); err != nil {
		return &stream.WriteError{Err: err}
	}
	return nil
}

// warn tells of something that does not stop the command.
func (s *session) warn(format string, args ...any) {
	fmt.Fprintf(s.errOut, "warning: "+format+"\n", args...)
}

package main

import (
	"fmt"
	"io"
	"strings"
)

// command is one of the program's.
type command struct {
	name    string
	usage   []string // what follows the name
	brief   string   // one line
	about   string   // paragraphs between usage and options
	options []string // of optionTable, in this order
	auto    bool     // --region may be auto
	exits   [3]string
	samples []string
	run     func(*session) (int, error)
}

// commands in the order of the help. Filled in by init, because help and
// completion look at it.
var commands []*command

func init() {
	commands = []*command{
		&numberCommand, &hashCommand, &recipesCommand, &contactsCommand, &matchCommand, &auditCommand, &wasmCommand,
		&registerCommand, &confirmCommand, &discoverCommand, &recordCommand, &meCommand, &withdrawCommand, &transcriptCommand,
		&siteCommand, &serveCommand, &releaseCommand, &keyCommand, &receiptCommand, &logCommand, &witnessCommand,
		&completionCommand, &helpCommand, &versionCommand,
	}
}

func findCommand(name string) *command {
	for _, c := range commands {
		if c.name == name {
			return c
		}
	}
	return nil
}

// columns of the help.
const helpWidth = 78

// help is the whole help of c.
func (c *command) help() string {
	var b strings.Builder
	for i, u := range c.usage {
		lead := "Usage: "
		if i > 0 {
			lead = "       "
		}
		b.WriteString(strings.TrimRight(lead+"verifier "+c.name+" "+u, " ") + "\n")
	}
	fmt.Fprintf(&b, "\n%s\n", strings.Trim(c.about, "\n"))
	if len(c.options) > 0 {
		b.WriteString("\nOptions:\n")
		for _, name := range append(c.options[:len(c.options):len(c.options)], "help") {
			o := findOption(name)
			left := "--" + o.name
			if o.value != "" {
				left += " " + o.value
			}
			lines := wrap(o.help, helpWidth-24)
			if len(left) > 20 {
				lines = append([]string{""}, lines...)
			}
			for i, line := range lines {
				if i > 0 {
					left = ""
				}
				b.WriteString(strings.TrimRight(fmt.Sprintf("  %-20s  %s", left, line), " ") + "\n")
			}
		}
	}
	b.WriteString("\nExit codes:\n")
	for i, text := range c.exits {
		if text == "" {
			continue
		}
		for j, line := range wrap(text, helpWidth-5) {
			if j == 0 {
				fmt.Fprintf(&b, "  %d  %s\n", i, line)
			} else {
				fmt.Fprintf(&b, "     %s\n", line)
			}
		}
	}
	if len(c.samples) > 0 {
		b.WriteString("\nExamples:\n")
		for _, s := range c.samples {
			fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(s, "\n", "\n  "))
		}
	}
	return b.String()
}

// wrap breaks text into lines of at most width bytes where words allow.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

func printUsage(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Usage: verifier COMMAND [OPTIONS] [ARGUMENTS]\n\n")
	b.WriteString("Checks phone numbers and their digests on this machine. register, confirm,\ndiscover, record, me, withdraw, key and receipt talk to the directory that you\nname, and site, serve, release and log to what you name, log cosign to the\nwitnesses of the policy; witness listens where you say. Nothing else sends\nanything anywhere.\n\nCommands:\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "  %-10s  %s\n", c.name, c.brief)
	}
	b.WriteString(`
Exit codes, of all commands:
  0  verified or clean
  1  found, or not verified
  2  could not check; what was written so far is whole lines

Examples:
  verifier number --region GB "020 7946 0018"
  verifier hash --recipe all "+44 20 7946 0018"
  verifier match --contacts contacts.vcf 6e5c59bde0…
  verifier wasm wasm/core/core.wasm

"verifier COMMAND --help" explains a command.
`)
	return print(w, b.String())
}

const couldNotCheck = "could not check: an option is wrong, the input cannot be read or is not what it is said to be, a line is longer than 1 MB, or the output cannot be written; what was written so far is whole lines"

var helpCommand = command{
	name:    "help",
	usage:   []string{"[COMMAND]"},
	brief:   "explain the program or a command",
	about:   "Explains the program, or a command: the same as COMMAND --help.",
	exits:   [3]string{"always, unless there is no such command", "", "no such command"},
	samples: []string{"verifier help number"},
	run: func(s *session) (int, error) {
		if len(s.args) == 0 {
			return clean, printUsage(s.out)
		}
		c := findCommand(s.args[0])
		if c == nil {
			return 0, fail("no such command", "verifier help lists the commands")
		}
		return clean, print(s.out, c.help())
	},
}

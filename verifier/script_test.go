package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sealbook/verifier/engine"
	"sealbook/verifier/engine/fake"
	"sealbook/wasm"
)

// The program is a command of the scripts, and of the shells they start.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"verifier": main}) }

func TestScripts(t *testing.T) {
	modules := modules()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			for name, module := range modules {
				if err := os.WriteFile(env.WorkDir+"/"+name, module, 0o600); err != nil {
					return err
				}
			}
			if strings.Contains(env.WorkDir, "script-release") {
				return startPublisher(env)
			}
			if strings.Contains(env.WorkDir, "script-directory") {
				return startDirectory(env)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"lie": lie, "publish": publish, "host": host, "running": running, "edit": edit,
			// exits CODE COMMAND... runs a command that has to end with CODE.
			"exits": func(ts *testscript.TestScript, neg bool, args []string) {
				want, err := strconv.Atoi(args[0])
				if err != nil || neg || len(args) < 2 {
					ts.Fatalf("usage: exits CODE COMMAND...")
				}
				got := 0
				if err := ts.Exec(args[1], args[2:]...); err != nil {
					exit, ok := errors.AsType[*exec.ExitError](err)
					if !ok {
						ts.Fatalf("%v", err)
					}
					got = exit.ExitCode()
				}
				if got != want {
					ts.Fatalf("exit code %d, want %d", got, want)
				}
			},
		},
	})
}

// modules are the published core and what is made of it, for the scripts.
func modules() map[string][]byte {
	core := wasm.Core
	change := func(from, to string) []byte {
		if bytes.Count(core, []byte(from)) != 1 {
			panic("the core does not have this once: " + from)
		}
		return bytes.Replace(core, []byte(from), []byte(to), 1)
	}
	return map[string][]byte{
		"core.wasm":     core,
		"blind.wasm":    wasm.Blind,
		"format.wasm":   wasm.Format,
		"contacts.wasm": wasm.Contacts,
		"longer.wasm":   append(bytes.Clone(core), "\x00\x02\x01x"...), // a custom section
		"half.wasm":     core[:len(core)/2],
		"altered.wasm":  change("meta-capi", "mega-capi"),
		"renamed.wasm":  change("\x06digest\x00", "\x06digesT\x00"),
		"version.wasm":  fake.Module(map[string]int32{"abi": engine.Version + 1}),
		"imports.wasm":  []byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x02\x09\x01\x03env\x01f\x00\x00"),
	}
}

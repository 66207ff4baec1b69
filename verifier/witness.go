package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"sealbook/verifier/release"
	"sealbook/verifier/witness"
)

var witnessCommand = command{
	name:  "witness",
	usage: []string{"--name NAME --signer FILE --folder FOLDER [--policy FILE] [ADDRESS]"},
	brief: "cosign what logs only grew to",
	about: `
A witness of logs (C2SP tlog-witness): it keeps the last checkpoint of each log
that it signed, and signs the next only with a proof that it grew out of that.
Who sees its signature sees the log that everybody sees who asks for it.

It cosigns the logs of the policy's lines "log", for whoever sends a checkpoint
that a log signed. What it signed is on the disk before the answer goes; where it
sees two checkpoints of one size, both are kept as evidence in FOLDER, named
*.fork. Never restore FOLDER from a backup, nor begin an empty one with the same
key: the key is worth what FOLDER remembers.

It listens on ADDRESS, such as 127.0.0.1:8081, by http: what is in front of it
speaks https. On standard output it prints its own line of a policy alone; publish
it with your https address in place of the one there.`,
	options: []string{"name", "signer", "folder", "policy", "insecure-key"},
	exits: [3]string{
		"it was interrupted",
		"",
		"it could not begin: no key, no folder, or what is in it is damaged",
	},
	samples: []string{"verifier witness --name witness.example/w1 --signer ~/.ssh/w1.pub \\\n  --folder witness --policy trust.policy 127.0.0.1:8081"},
	run:     runWitness,
}

func runWitness(s *session) (int, error) {
	if len(s.args) > 1 || s.name == "" || s.signer == "" || s.folder == "" {
		return 0, fail("--name, --signer and --folder are needed, and at most one address", "verifier witness --help")
	}
	policy, err := s.releasePolicy()
	if err != nil {
		return 0, err
	}
	ring := release.Keyring{Agent: os.Getenv("SSH_AUTH_SOCK"), Insecure: s.insecureKey, Passphrase: release.AskPassphrase}
	key, err := ring.Open(s.signer, s.name)
	if err != nil {
		return 0, fail("--signer: "+err.Error(), "make one with ssh-keygen -t ed25519; FILE.pub names a key that ssh-add gave to the agent")
	}
	w, err := witness.New(key, policy.Logs, s.folder, time.Now)
	if err != nil {
		return 0, fail("the witness cannot begin: "+strings.TrimPrefix(err.Error(), "trust: "), "--folder is a folder that is there, made once by hand")
	}
	address := "127.0.0.1:0"
	if len(s.args) > 0 {
		address = s.args[0]
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return 0, fail("cannot listen on that address", "such as 127.0.0.1:8081; without one a free port is taken")
	}
	fmt.Fprintf(s.errOut, "cosigns %s\n", strings.Join(w.Origins(), ", "))
	if err := print(s.out, fmt.Sprintf("witness %s %s http://%s\n", s.name, w.Verifier(), listener.Addr())); err != nil {
		return 0, err
	}
	ctx, stop := interrupted()
	defer stop()
	server := &http.Server{
		Handler: w, ReadTimeout: witness.Timeout, WriteTimeout: 2 * witness.Timeout, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), witness.Timeout)
		defer cancel()
		server.Shutdown(grace)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return 0, fail("the server stopped", "")
	}
	return clean, nil
}

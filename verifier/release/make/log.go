package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sealbook/verifier/check"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// compareLive refuses to append to a log that lacks entries of the one that is
// served: that is how honest people fork.
func (o *options) compareLive(l *release.Log) error {
	if o.live == "none" {
		return nil
	}
	if o.live == "" {
		return errors.New("-live URL is missing, where the site is: who appends to a log that is not the newest forks it; \"none\" before the first upload")
	}
	source, err := check.Open(o.live)
	if err != nil {
		return err
	}
	live, _, err := trust.ReadReleases(func(path string) ([]byte, error) {
		a, err := source.Get(context.Background(), "log/"+path, check.Plain)
		if err == nil && a.Status != 200 {
			err = fmt.Errorf("status %d for log/%s", a.Status, path)
		}
		return a.Body, err
	}, o.now)
	if err != nil {
		return fmt.Errorf("the live log: %w", err)
	}
	if err := l.GrewOutOf(live, o.now); err != nil {
		return fmt.Errorf("the live log has entries that this one lacks: take them first: %w", err)
	}
	return nil
}

// begin makes entry 0.
func begin(o *options) error {
	l, err := release.ReadLog(o.log, o.now)
	if err != nil {
		return err
	}
	if len(l.Entries) > 0 {
		return errors.New("the log has begun; rotate gives it other keys")
	}
	if o.host == "" || o.host == release.TrialHost {
		return errors.New("-host HOST is missing, the name of the keys")
	}
	return o.enterKeys(l, o.host, nil)
}

// begun is a log that has entries, and the keys that hold now.
func (o *options) begun() (*release.Log, trust.Keys, error) {
	l, keys, trial, err := o.current()
	if err == nil && trial {
		err = errors.New("the log has not begun")
	}
	return l, keys, err
}

// signers are the keys that sign an entry of a log and its checkpoint, once the log
// was compared with the one that is served.
func (o *options) signers(l *release.Log, host string) (releaseKeys, logKeys []*release.Key, err error) {
	if err = o.compareLive(l); err == nil {
		releaseKeys, err = o.open(o.releaseKeys, host, "release")
	}
	if err == nil {
		logKeys, err = o.open(o.logKeys, host, "log")
	}
	return releaseKeys, logKeys, err
}

// rotate gives the log other keys, signed by the old and the new ones.
func rotate(o *options) error {
	l, keys, err := o.begun()
	if err != nil {
		return err
	}
	old, _, err := o.signers(l, keys.Host())
	if err != nil {
		return err
	}
	return o.enterKeys(l, keys.Host(), old)
}

// enterKeys appends an entry of keys.
func (o *options) enterKeys(l *release.Log, host string, old []*release.Key) error {
	next, err := o.open(o.newRelease, host, "release")
	if err != nil {
		return err
	}
	logs, err := o.open(o.newLog, host, "log")
	if err != nil {
		return err
	}
	if len(next) == 0 || len(logs) == 0 {
		return errors.New("-new-release-key and -new-log-key name the keys from now on")
	}
	keys := trust.Keys{Threshold: o.threshold, Release: verifiers(next), Log: verifiers(logs)}
	signers := next
	for _, k := range old {
		if !slices.Contains(keys.Release, k.Verifier()) {
			signers = append(signers, k)
		}
	}
	if err := l.Append(keys.Text(), o.now, signers...); err != nil {
		return err
	}
	return o.finish(l, logs)
}

// withdraw takes a release back.
func withdraw(o *options) error {
	l, keys, err := o.begun()
	if err != nil {
		return err
	}
	releaseKeys, logKeys, err := o.signers(l, keys.Host())
	if err != nil {
		return err
	}
	w := trust.Withdrawal{Version: o.version, Reason: o.reason, Time: o.time()}
	if err := l.Append(w.Text(), o.now, releaseKeys...); err != nil {
		return err
	}
	return o.finish(l, logKeys)
}

// finish signs the checkpoint and writes the log.
func (o *options) finish(l *release.Log, logs []*release.Key) error {
	r, err := l.Sign(o.now, logs...)
	if err != nil {
		return err
	}
	files, err := l.Files(r)
	if err != nil {
		return err
	}
	if err := o.writeLog(files); err != nil {
		return err
	}
	fmt.Printf("%s: %d entries\nWhat a verifier needs to know, for verifier/trust.policy:\n\n%s", o.log, r.Tree.N, policyOf(&r.First, false))
	return nil
}

//go:build old

// Package discovery finds contacts in a Sealbook directory without showing it
// the address book. It is the native counterpart of the npm package's
// "sealbook/discover", with the same requests, codes and state.
//
//	d, err := discovery.Open(ctx, "https://directory.example", discovery.Options{Key: key})
//	r, err := d.Register(ctx, number)               // a code is sent to the number
//	mine, err := d.Confirm(ctx, discovery.Confirmation{…})
//	state, err := discovery.LoadState(path, d)
//	result, err := d.Discover(ctx, discovery.Search{Credential: mine.Credential, Numbers: numbers, State: state})
//
// A number leaves the machine in one case: a person registers their own. Of
// contacts only blinded elements leave it, uniformly random, in padded batches.
// The directory is believed nothing that it does not sign or prove: not its key,
// not an evaluation, not a receipt. A lie ends a call with an [Error] and leaves
// the state as it was.
//
// Nothing is sent twice. Where an answer to an evaluation gets lost, nobody can
// tell whether it was charged; the call ends, and what was paid for before is in
// the state.
package discovery

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// Options are how to reach a directory. The zero value will do, but pin the key.
type Options struct {
	// Key is the directory's, "name+hash+base64". Where it is empty the key that
	// the directory shows is taken, and is what to pin from then on.
	Key string
	// Transport sends requests; nil is an own one, which adds nothing to a
	// request but host and length.
	Transport http.RoundTripper
	// Timeout is until an answer begins; then it must come at 4 KB a second. 0 is
	// 30 s.
	Timeout time.Duration
	// Random gives random bytes; nil is crypto/rand.
	Random io.Reader
	// Now tells the time; nil is time.Now.
	Now func() time.Time
}

// Directory is one whose parameters were verified. Its calls may run at once.
type Directory struct {
	// Parameters are what it says about itself. They are not to be changed.
	Parameters directory.Parameters

	link       link
	random     io.Reader
	verifier   *directory.Verifier
	note       string
	public     [oprf.ElementSize]byte
	transcript *recorder
}

// Open reads and verifies what a directory says about itself. The address is
// https, or http on the machine itself: numbers and codes go there.
func Open(ctx context.Context, address string, o Options) (*Directory, error) {
	base, err := baseOf(address)
	if err != nil {
		return nil, err
	}
	d := &Directory{link: newLink(base, o), random: o.Random}
	if d.random == nil {
		d.random = rand.Reader
	}
	if o.Key != "" {
		if d.verifier, err = directory.NewVerifier(o.Key); err != nil {
			return nil, wrap(Key, "a directory's key is its name, +, eight hexadecimal digits, + and an Ed25519 key in base64", err)
		}
	}
	var said struct{ Key, Note string }
	if err := d.callJSON(ctx, call{method: "GET", path: "/v1/directory", expect: []int{200}}, &said); err != nil {
		return nil, err
	}
	switch {
	case d.verifier == nil:
		if d.verifier, err = directory.NewVerifier(said.Key); err != nil {
			return nil, wrap(Key, "the directory's key is none", err)
		}
	case said.Key != d.verifier.String():
		return nil, fail(Key, "the directory's key is not the pinned one")
	}
	d.note = said.Note
	if err := d.verifier.Open(said.Note, &d.Parameters); err != nil {
		return nil, ofNote(err)
	}
	d.public = [oprf.ElementSize]byte(d.Parameters.PublicKey)
	if code := new(oprf.Client).Init(oprf.VOPRF, &d.public, new(oprf.Room)); code != oprf.OK {
		return nil, wrap(Note, "the directory's public key is none", code)
	}
	return d, nil
}

// Key is the key that its notes are verified with.
func (d *Directory) Key() string { return d.verifier.String() }

// URL is where it is, with a slash at the end.
func (d *Directory) URL() string { return d.link.base.String() }

// baseOf checks an address.
func baseOf(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return nil, fail(Input, "the directory's address is no URL")
	}
	host := u.Hostname()
	near := host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host).IsLoopback()
	if u.Scheme != "https" && !(u.Scheme == "http" && near) {
		return nil, fail(Input, "a directory is reached by https")
	}
	base := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if !strings.HasSuffix(base.Path, "/") {
		base.Path += "/"
	}
	return base, nil
}

// maxJSON is how long an answer in JSON may be, in bytes. The consent text of a
// directory is the longest thing in one.
const maxJSON = 2 << 20

// callJSON sends a request and reads the JSON of its answer.
func (d *Directory) callJSON(ctx context.Context, c call, answer any) error {
	c.limit = maxJSON
	a, err := d.send(ctx, c)
	if err != nil {
		return err
	}
	if json.Unmarshal(a.body, answer) != nil {
		return malformed()
	}
	return nil
}

// withJSON puts a body into a request.
func (c call) withJSON(body any) call {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err) // texts
	}
	c.fields, c.body = append(c.fields, directory.Field{Name: "content-type", Value: "application/json"}), b
	return c
}

// withOctets puts a body into a request.
func (c call) withOctets(body []byte) call {
	c.fields, c.body = append(c.fields, directory.Field{Name: "content-type", Value: "application/octet-stream"}), body
	return c
}

// withCredential adds the credential.
func (c call) withCredential(credential string) call {
	c.fields = append(c.fields, directory.Field{Name: "authorization", Value: bearer + credential})
	return c
}

const bearer = "Bearer "

// checkCredential tells whether a credential can be one.
func checkCredential(credential string) error {
	var b directory.Bytes
	if b.UnmarshalText([]byte(credential)) != nil || len(b) != 32 {
		return fail(Input, "a credential is what Confirm answered")
	}
	return nil
}

// draw fills b with random bytes.
func (d *Directory) draw(b []byte) {
	if _, err := io.ReadFull(d.random, b); err != nil {
		panic("discovery: no random bytes") // going on with others would be worse
	}
}

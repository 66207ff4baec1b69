// Package discovery finds contacts in a Sealbook directory without showing it
// the address book. It is the native counterpart of the npm package's
// "sealbook/discover", with the same requests and codes; PROTOCOL.md in
// wasm/directory is what both follow.
//
//	d, err := discovery.New("https://directory.example", discovery.Options{Key: key})
//	r, err := d.Register(ctx, number)               // a code is sent to the number
//	mine, err := d.Confirm(ctx, discovery.Confirmation{…})
//	state, err := discovery.LoadState(path, d)
//	result, err := d.Sync(ctx, discovery.Search{Mine: mine, Numbers: numbers, State: state})
//
// A number leaves the machine in one case: a person registers their own, or
// moves it to a new epoch. What a sync sends is a function of what the directory
// publishes to everybody, of how many new numbers there are, of the time, and of
// fresh random bytes: of no contact and of no match. Nothing is finalised,
// matched or shown before the last answer. Where records are not read whole, one
// friend's is read when a person asks for it, by [Directory.Handle], which says
// so: it may tell the directory which friend.
//
// The directory is believed nothing that it does not sign or prove, and nothing
// that is not in its log. A lie ends a call with an [Error] and leaves the state
// as it was. Nothing is sent twice.
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

	"golang.org/x/mod/sumdb/note"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
	"sealbook/wasm/trust"
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

// Directory is a directory that is asked. Its calls are made one after the
// other.
type Directory struct {
	// Parameters are what it said about itself last, verified; they are empty
	// before the first call. They are not to be changed.
	Parameters directory.Parameters

	link       link
	random     io.Reader
	verifier   *directory.Verifier // nil: none is pinned yet
	note       string              // the signed parameters
	log        note.Verifier
	public     [oprf.ElementSize]byte
	transcript *recorder
}

// New names a directory; nothing is sent. The address is https, or http on the
// machine itself: numbers and codes go there.
func New(address string, o Options) (*Directory, error) {
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
	return d, nil
}

// Describe reads and verifies what the directory says about itself.
func (d *Directory) Describe(ctx context.Context) error {
	var said directory.DirectoryAnswer
	if err := d.callJSON(ctx, call{method: "GET", path: "/v2/directory", expect: []int{200}}, &said); err != nil {
		return err
	}
	verifier := d.verifier
	switch {
	case verifier == nil:
		var err error
		if verifier, err = directory.NewVerifier(said.Key); err != nil {
			return wrap(Key, "the directory's key is none", err)
		}
	case said.Key != verifier.String():
		return fail(Key, "the directory's key is not the pinned one")
	}
	var p directory.Parameters
	if err := verifier.Open(said.Note, &p); err != nil {
		return ofNote(err)
	}
	log, err := trust.NewVerifier(p.Log, trust.Origin(p.Name))
	if err != nil {
		return ofNote(err)
	}
	public := [oprf.ElementSize]byte(p.PublicKey)
	if code := new(oprf.Client).Init(oprf.VOPRF, &public, new(oprf.Room)); code != oprf.OK {
		return wrap(Note, "the directory's public key is none", code)
	}
	d.verifier, d.Parameters, d.note, d.log, d.public = verifier, p, said.Note, log, public
	return nil
}

// Key is the key that its notes are verified with, "" where none is known yet.
func (d *Directory) Key() string {
	if d.verifier == nil {
		return ""
	}
	return d.verifier.String()
}

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
func (d *Directory) callJSON(ctx context.Context, c call, into any) error {
	_, err := d.callJSONStatus(ctx, c, into)
	return err
}

func (d *Directory) callJSONStatus(ctx context.Context, c call, into any) (status int, err error) {
	c.limit = maxJSON
	a, err := d.send(ctx, c)
	if err != nil {
		return 0, err
	}
	if json.Unmarshal(a.body, into) != nil {
		return 0, malformed()
	}
	return a.status, nil
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

// withCredential adds the credential, if there is one.
func (c call) withCredential(credential string) call {
	if credential != "" {
		c.fields = append(c.fields, directory.Field{Name: "authorization", Value: bearer + credential})
	}
	return c
}

const bearer = "Bearer "

// checkCredential says whether a credential can be one.
func checkCredential(credential string) error {
	var b directory.Bytes
	if b.UnmarshalText([]byte(credential)) != nil || len(b) != 32 {
		return fail(Input, "a credential is what Confirm returned")
	}
	return nil
}

// draw fills b with random bytes.
func (d *Directory) draw(b []byte) {
	if _, err := io.ReadFull(d.random, b); err != nil {
		panic("discovery: no random bytes") // going on with others would be worse
	}
}

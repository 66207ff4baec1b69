package edge

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

// problem is why a request was refused, and the header fields that go with it.
type problem struct {
	*directory.Problem
	header map[string]string
}

// refuse makes one.
func refuse(code directory.Code, detail string) *problem {
	return &problem{directory.NewProblem(code, detail), map[string]string{}}
}

func (p *problem) Unwrap() error { return p.Problem }

// with adds a header field.
func (p *problem) with(name, value string) *problem {
	p.header[name] = value
	return p
}

// after says in how many seconds to come again.
func (p *problem) after(seconds int64) *problem {
	return p.with("Retry-After", strconv.FormatInt(max(seconds, 1), 10))
}

func malformed(detail string) *problem { return refuse(directory.BodyMalformed, detail) }

func unauthorized(code directory.Code, detail string) *problem {
	return refuse(code, detail).with("WWW-Authenticate", "Bearer")
}

// problemOf answers the problem that an error amounts to. What has no code of
// its own is internal: its text goes to the log and not to the client.
func problemOf(err error) *problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrEpoch): // one began in this moment
		return refuse(directory.StoreBusy, "The database is busy; nothing was changed.").after(1)
	case errors.Is(err, store.ErrFull):
		return refuse(directory.StoreFull, "The database is full; nothing was changed.")
	}
	return refuse(directory.Internal, "The directory failed; its operator can see why.")
}

// worth reports whether an operator should hear of the problem.
func (p *problem) worth() bool {
	return p.Code == directory.Internal || p.Code == directory.StoreFull || p.Code == directory.SenderFailed
}

// write sends the problem.
func (p *problem) write(w http.ResponseWriter) {
	for name, value := range p.header {
		w.Header().Set(name, value)
	}
	w.Header().Del("ETag")
	w.Header().Set("Cache-Control", "no-store")
	body, err := json.Marshal(p.Problem)
	if err != nil {
		panic(err) // its fields are texts and numbers
	}
	send(w, p.Status, directory.ProblemType, body)
}

package transcript

import (
	"encoding/hex"
	"strings"

	"sealbook/wasm/directory"
)

// route returns what explains a request, nil if nothing does.
func (c *checker) route(e *directory.Exchange) func(*directory.Exchange) {
	r := &e.Request
	path, query, asked := strings.Cut(r.Path, "?")
	parts := strings.Split(strings.TrimPrefix(path, "/v2/"), "/")
	switch route := r.Method + " " + path; {
	case route == "GET /v2/log/update":
		return func(e *directory.Exchange) { c.update(e, query) }
	case asked:
		return nil
	case route == "GET /v2/directory":
		return c.describe
	case route == "POST /v2/registrations":
		return c.register
	case route == "PUT /v2/me/record":
		return c.publish
	case route == "POST /v2/evaluations":
		return c.evaluate
	case route == "GET /v2/me":
		return c.held
	case route == "DELETE /v2/me":
		return c.withdraw
	case route == "DELETE /v2/me/renewal":
		return func(e *directory.Exchange) { c.fields(e, c.bearer(e)); c.nothing(e) }
	case route == "POST /v2/me/epoch":
		return c.move
	case r.Method == "POST" && len(parts) == 2 && parts[0] == "registrations" && isID(parts[1]):
		return func(e *directory.Exchange) { c.confirm(e, parts[1]) }
	case r.Method == "GET" && len(parts) == 3 && parts[0] == "states":
		return func(e *directory.Exchange) { c.file(e, parts[1], parts[2]) }
	case r.Method == "GET" && parts[0] == "changes" && len(parts) >= 2 && len(parts) <= 4:
		return func(e *directory.Exchange) { c.changes(e, parts[1:]) }
	}
	return nil
}

func isID(id string) bool {
	raw, err := hex.DecodeString(id)
	return err == nil && len(raw) == 16 && hex.EncodeToString(raw) == id
}

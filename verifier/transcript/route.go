//go:build old

package transcript

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"sealbook/wasm/directory"
)

// route answers what explains a request, nil if nothing does.
func (c *checker) route(e *directory.Exchange) func(*directory.Exchange) {
	r := &e.Request
	switch r.Method + " " + r.Path {
	case "GET /v1/directory":
		return func(e *directory.Exchange) { c.fields(e); c.nothing(e) }
	case "POST /v1/registrations":
		return c.register
	case "PUT /v1/me/record":
		return c.publish
	case "POST /v1/evaluations":
		return c.evaluate
	case "GET /v1/me":
		return func(e *directory.Exchange) { c.fields(e, c.bearer(e)); c.nothing(e) }
	case "DELETE /v1/me":
		return c.withdraw
	}
	if id, ok := strings.CutPrefix(r.Path, "/v1/registrations/"); ok && r.Method == "POST" && isID(id) {
		return func(e *directory.Exchange) { c.confirm(e, id) }
	}
	if rest, ok := strings.CutPrefix(r.Path, "/v1/buckets/"); ok && r.Method == "GET" {
		text, what, _ := strings.Cut(rest, "/")
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil || strconv.FormatUint(n, 10) != text || n>>c.parameters.BucketBits != 0 {
			return nil
		}
		return c.bucket(uint32(n), what)
	}
	return nil
}

func isID(id string) bool {
	raw, err := hex.DecodeString(id)
	return err == nil && len(raw) == 16 && hex.EncodeToString(raw) == id
}

// bucket answers what explains a request for a bucket's files.
func (c *checker) bucket(bucket uint32, what string) func(*directory.Exchange) {
	c.report.Learned.bucket(bucket)
	switch {
	case what == "tags":
		return c.tags
	case what == "records":
		return func(e *directory.Exchange) { c.records(e, bucket) }
	}
	since, ok := strings.CutPrefix(what, "delta?since=")
	if !ok || !isVersion(since) {
		return nil
	}
	c.report.Learned.Returned = true
	return func(e *directory.Exchange) { c.fields(e); c.nothing(e) }
}

func isVersion(text string) bool {
	n, err := strconv.ParseUint(text, 10, 64)
	return err == nil && n <= directory.MaxVersion && strconv.FormatUint(n, 10) == text
}

// tags explains a request for tags. It may name the file that the client has:
// "epoch-bits-version", and no freer text, in which other things would fit.
func (c *checker) tags(e *directory.Exchange) {
	value, ok := e.Request.Headers.Get("if-none-match")
	if !ok {
		c.fields(e)
		c.nothing(e)
		return
	}
	c.report.Learned.Returned = true
	start := fmt.Sprintf(`"%d-%d-`, c.parameters.Epoch, c.parameters.BucketBits)
	version, quoted := strings.CutSuffix(strings.TrimPrefix(value, start), `"`)
	if !quoted || !isVersion(version) {
		version = ""
	}
	c.fields(e, directory.Field{Name: "if-none-match", Value: start + version + `"`})
	c.nothing(e)
}

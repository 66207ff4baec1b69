package edge

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"

	"sealbook/wasm/directory"
)

const (
	octets   = "application/octet-stream"
	jsonType = "application/json"
)

// readBody reads a whole body of that media type and at most limit bytes.
func readBody(r *http.Request, mediaType string, limit int) ([]byte, error) {
	got, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || got != mediaType || params["charset"] != "" && params["charset"] != "utf-8" {
		return nil, refuse(directory.ContentType, "The body must be "+mediaType+".")
	}
	tooLarge := refuse(directory.BodyTooLarge, "The body may have "+strconv.Itoa(limit)+" bytes.")
	if r.ContentLength > int64(limit) {
		return nil, tooLarge
	}
	if r.Body == nil { // in a worker
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, refuse(directory.BodyTimeout, "The body did not come in time.").with("Connection", "close")
	case err != nil:
		return nil, malformed("The body ended early.")
	case len(body) > limit:
		return nil, tooLarge
	}
	return body, nil
}

// readOctets reads a binary body.
func readOctets(r *http.Request, limit int) ([]byte, error) { return readBody(r, octets, limit) }

// readJSON reads an object into v, a pointer to a struct. It must have all of
// v's fields, each once and under its exact name, and no other.
func readJSON(r *http.Request, limit int, v any) error {
	body, err := readBody(r, jsonType, limit)
	if err != nil {
		return err
	}
	if err := checkObject(body); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return malformed("The body is not the JSON object that is asked for.")
	}
	// encoding/json lets names differ in case and fields be missing. What it
	// understood must be what was said.
	said, err1 := canonical(body)
	back, err := json.Marshal(v)
	understood, err2 := canonical(back)
	if err := errors.Join(err, err1, err2); err != nil || !bytes.Equal(said, understood) {
		return malformed("The JSON object lacks a field, or has one of another name or form.")
	}
	return nil
}

// canonical writes JSON with its names sorted.
func canonical(text []byte) ([]byte, error) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// checkObject refuses what encoding/json passes over: a name given twice, and
// something after the end.
func checkObject(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	bad := malformed("The body is not one JSON object, or it has a name twice.")
	if err := checkValue(d, 0); err != nil {
		return bad
	}
	if _, err := d.Token(); err != io.EOF {
		return bad
	}
	return nil
}

var errObject = errors.New("edge: not a plain object")

// depth is how deep objects may lie in each other: bodies have two levels.
const depth = 4

func checkValue(d *json.Decoder, level int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	delim, compound := token.(json.Delim)
	if level == 0 && delim != '{' || level > depth {
		return errObject
	}
	if !compound {
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		if delim == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			if text := name.(string); seen[text] {
				return errObject
			} else {
				seen[text] = true
			}
		}
		if err := checkValue(d, level+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

package directory

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// Bytes are binary in JSON: base64url without padding, in its one canonical
// form.
type Bytes []byte

// MarshalText writes b.
func (b Bytes) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode([]byte{}, b), nil
}

// UnmarshalText reads what MarshalText writes and nothing else.
func (b *Bytes) UnmarshalText(text []byte) error {
	raw, err := base64.RawURLEncoding.Strict().AppendDecode([]byte{}, text)
	// The decoder skips line breaks.
	if err != nil || base64.RawURLEncoding.EncodedLen(len(raw)) != len(text) {
		return ErrMalformed
	}
	*b = raw
	return nil
}

// String is b as it is in JSON.
func (b Bytes) String() string { return base64.RawURLEncoding.EncodeToString(b) }

// Time is a time in JSON: RFC 3339, UTC, whole seconds, 2026-11-26T08:35:17Z.
func Time(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ParseTime reads what Time writes and nothing else.
func ParseTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || Time(t) != text {
		return time.Time{}, ErrMalformed
	}
	return t.UTC(), nil
}

func validTime(text string) bool {
	_, err := ParseTime(text)
	return err == nil
}

// validHex tells whether text is n bytes in lower-case hexadecimal.
func validHex(text string, n int) bool {
	raw, err := hex.DecodeString(text)
	return err == nil && len(raw) == n && hex.EncodeToString(raw) == text
}

// encode writes compact JSON on one line, with <, > and & as they are.
func encode(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // texts, numbers, bytes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// decode reads what encode writes and nothing else: no other field, no other
// order, no other spelling.
func decode(text string, v any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if d.Decode(v) != nil || encode(v) != text {
		return ErrMalformed
	}
	return nil
}

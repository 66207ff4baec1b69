package directory

import (
	"errors"
	"strings"
	"testing"
)

func TestTranscript(t *testing.T) {
	v := readVectors(t)
	got, err := ParseTranscript([]byte(v.Transcript))
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Append(nil)) != v.Transcript {
		t.Error("encodes to something else")
	}
	if len(got.Exchanges) != 14 || len(got.Exchanges[11].Items) != 8 || got.Exchanges[4].Record == nil || got.Exchanges[13].Response != nil {
		t.Errorf("%d exchanges, or not what they are", len(got.Exchanges))
	}
	if value, ok := got.Exchanges[4].Request.Headers.Get("content-type"); !ok || value != "application/octet-stream" {
		t.Errorf("content-type %q %v", value, ok)
	}
	for _, r := range v.RefusedTranscripts {
		_, err := ParseTranscript([]byte(r.Text))
		at, ok := errors.AsType[*LineError](err)
		if !ok || at.Line != r.Line || !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v, not line %d", r.Why, err, r.Line)
		}
		if err != nil && strings.Contains(err.Error(), "+44") {
			t.Errorf("%s: the error tells a number", r.Why)
		}
	}
}

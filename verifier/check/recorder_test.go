package check_test

import (
	"context"
	"fmt"
	"testing"

	"sealbook/verifier/check"
)

// large answers everything with the same 16 MB.
type large []byte

func (large) Name() string { return "large" }

func (l large) Get(context.Context, string, check.Visitor) (check.Answer, error) {
	return check.Answer{Status: 200, Body: l}, nil
}

// What is remembered to be kept is bounded, however much a directory has to tell; the
// same again is not counted twice.
func TestRecorderIsBounded(t *testing.T) {
	s := check.Record(make(large, 16<<20))
	for i := range 48 {
		path := fmt.Sprintf("v2/changes/%d", i/2)
		if _, err := s.Get(context.Background(), path, check.Plain); (err != nil) != (i/2 >= 16) {
			t.Fatalf("answer %d: %v", i, err)
		}
	}
}

package trust

import (
	"encoding/base64"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A Submission asks a witness to cosign a checkpoint, the body of C2SP
// tlog-witness's add-checkpoint:
//
//	old 2
//	NLBFa7geb0vdd3LAsbPwaSpWf96GcdoGjMiStXH1A/o=   consistency, one hash a line
//
//	sealbook.example/log
//	…
type Submission struct {
	Old         int64          // 0–MaxInteger: the size that the witness cosigned last
	Consistency tlog.TreeProof // of the checkpoint with that size; at most MaxConsistency
	Checkpoint  string         // signed
}

// MaxConsistency is the most hashes of a submission.
const MaxConsistency = 63

// Text is what ParseSubmission reads.
func (s *Submission) Text() string {
	return string(appendOld(nil, s.Old, s.Consistency)) + s.Checkpoint
}

// ParseSubmission reads a submission. Nothing is checked but its form; the
// checkpoint is for [OpenCheckpoint]. Its error is Format.
func ParseSubmission(text string) (Submission, error) {
	bad := Format.Because("submission")
	first, _, _ := strings.Cut(text, "\n")
	old, ok := strings.CutPrefix(first, "old ")
	size, whole := parseInteger(old)
	if !ok || !whole || len(text) > MaxText {
		return Submission{}, bad
	}
	s := Submission{Old: int64(size)}
	s.Consistency, s.Checkpoint, ok = cutOld(text, s.Old)
	if !ok || len(s.Consistency) > MaxConsistency || s.Checkpoint == "" {
		return Submission{}, bad
	}
	return s, nil
}

// appendOld appends the head of a submission or of an update.
func appendOld(dst []byte, old int64, hashes tlog.TreeProof) []byte {
	dst = append(strconv.AppendInt(append(dst, "old "...), old, 10), '\n')
	for _, h := range hashes {
		dst = append(base64.StdEncoding.AppendEncode(dst, h[:]), '\n')
	}
	return append(dst, '\n')
}

// cutOld reads the head of a submission or of an update from a size, and returns
// what is behind it.
func cutOld(text string, old int64) (hashes tlog.TreeProof, rest string, ok bool) {
	rest, ok = strings.CutPrefix(text, "old "+strconv.FormatInt(old, 10)+"\n")
	for ok {
		var line string
		if line, rest, ok = strings.Cut(rest, "\n"); line == "" {
			break
		}
		var h [32]byte
		if !parse32(&h, line, base64.StdEncoding.Strict().DecodeString) || strings.Contains(line, "\r") {
			return nil, "", false
		}
		hashes = append(hashes, h)
	}
	return hashes, rest, ok
}

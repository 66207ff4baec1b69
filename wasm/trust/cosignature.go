package trust

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ReadCheckpoint reads a checkpoint whoever signed it: nothing of it is to be
// believed yet. Its error is Format.
func ReadCheckpoint(text string) (origin string, tree tlog.Tree, err error) {
	if len(text) > MaxText {
		return "", tlog.Tree{}, Format.Because("checkpoint: too long")
	}
	body, err := textOf([]byte(text))
	if err != nil {
		return "", tlog.Tree{}, Format.Because("checkpoint: not a signed note")
	}
	origin, _, _ = strings.Cut(body, "\n")
	tree, err = parseTree(body, origin)
	return origin, tree, err
}

// Cosign cosigns a checkpoint as a witness does (C2SP tlog-cosignature, Ed25519)
// and returns the line of the signature. Whether the checkpoint may be cosigned
// was judged before. The key signs by an agent, perhaps, so it is a function.
func Cosign(checkpoint string, witness note.Verifier, at time.Time, sign func(message []byte) ([]byte, error)) (string, error) {
	body, err := textOf([]byte(checkpoint))
	if err != nil {
		return "", err
	}
	signature, err := sign(fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at.Unix(), body))
	if err != nil {
		return "", err
	}
	line := binary.BigEndian.AppendUint32(nil, witness.KeyHash())
	line = binary.BigEndian.AppendUint64(line, uint64(at.Unix()))
	return "— " + witness.Name() + " " + base64.StdEncoding.EncodeToString(append(line, signature...)) + "\n", nil
}

// AddCosignature puts a witness's signature of a checkpoint, from lines that it
// answered, behind the other signatures; one that it gave before goes. Lines of
// others are left aside. Its error is Format, or Signature for what is not by this
// witness, of this checkpoint and of the past.
func AddCosignature(checkpoint, lines string, witness note.Verifier, now time.Time) (string, error) {
	text, signatures, ok := cutNote(checkpoint)
	if !ok || len(lines) > MaxText {
		return "", Format.Because("cosignature")
	}
	n, err := note.Open([]byte(text+"\n"+lines), note.VerifierList(witness))
	if _, unknown := errors.AsType[*note.UnverifiedNoteError](err); unknown {
		return "", Signature.Because("the witness's answer has no signature by its key")
	}
	if _, wrong := errors.AsType[*note.InvalidSignatureError](err); wrong {
		return "", Signature.Because("the witness's signature does not hold")
	}
	if err != nil {
		return "", Format.Because("cosignature")
	}
	at, err := cosign.CoSigV1Timestamp(n.Sigs[0])
	if err != nil || at.Sub(now) > MaxAhead || at.Unix() <= 0 {
		return "", Signature.Because("the time of the cosignature")
	}
	var kept strings.Builder
	for line := range strings.Lines(signatures) {
		if name, hash, ok := signer(line); !ok || name != witness.Name() || hash != witness.KeyHash() {
			kept.WriteString(line)
		}
	}
	return text + "\n" + kept.String() + "— " + n.Sigs[0].Name + " " + n.Sigs[0].Base64 + "\n", nil
}

// cutNote parts a note into its text and its signatures.
func cutNote(signed string) (text, signatures string, ok bool) {
	i := strings.LastIndex(signed, "\n\n")
	if i < 0 {
		return "", "", false
	}
	return signed[:i+1], signed[i+2:], true
}

// signer is whose signature a line of a note is, by name and id.
func signer(line string) (name string, hash uint32, ok bool) {
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return "", 0, false
	}
	b, err := base64.StdEncoding.DecodeString(fields[2])
	if err != nil || len(b) < 4 {
		return "", 0, false
	}
	return fields[1], binary.BigEndian.Uint32(b), true
}

package trust

import (
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/note"
)

// Entries of a log of releases are signed notes, whose signatures are part of
// the leaf. There are three kinds:
//
//	sealbook keys v1           sealbook release v1        sealbook withdrawn v1
//	threshold 1                version 1.4.0              version 1.3.0
//	release VKEY               manifest SHA256HEX         reason one line of text
//	log VKEY                   time T                     time T
//	                           expires T
const (
	keysHead       = "sealbook keys v1\n"
	releaseHead    = "sealbook release v1\n"
	withdrawalHead = "sealbook withdrawn v1\n"
)

// MaxLife is how long after its time a release may expire.
const MaxLife = 400 * 24 * time.Hour

// MaxKeys is the most keys of a kind that an entry names.
const MaxKeys = 16

// Keys are who may sign: entry 0 of a log, and each rotation. All keys of one
// kind have one name, that of the host before "/release" and "/log".
type Keys struct {
	Threshold int      // how many of Release sign an entry: 1 to their number
	Release   []string // verifier keys, 1 to MaxKeys, each once
	Log       []string // the same; each of them signs a checkpoint
}

// A Release is a version, by its manifest.
type Release struct {
	Version  string // semantic, without "v" and build metadata
	Manifest [32]byte
	Time     time.Time // UTC, whole seconds
	Expires  time.Time // after Time, by at most MaxLife
}

// A Withdrawal takes a release back.
type Withdrawal struct {
	Version string
	Reason  string // 1 to 200 bytes of one line
	Time    time.Time
}

// Text is what is signed.
func (k *Keys) Text() string {
	var b strings.Builder
	b.WriteString(keysHead + "threshold " + strconv.Itoa(k.Threshold) + "\n")
	for _, key := range k.Release {
		b.WriteString("release " + key + "\n")
	}
	for _, key := range k.Log {
		b.WriteString("log " + key + "\n")
	}
	return b.String()
}

// Text is what is signed.
func (r *Release) Text() string {
	return releaseHead + "version " + r.Version + "\nmanifest " + hex.EncodeToString(r.Manifest[:]) +
		"\ntime " + formatTime(r.Time) + "\nexpires " + formatTime(r.Expires) + "\n"
}

// Text is what is signed.
func (w *Withdrawal) Text() string {
	return withdrawalHead + "version " + w.Version + "\nreason " + w.Reason + "\ntime " + formatTime(w.Time) + "\n"
}

// ParseKeys reads what Text writes. Its error is Format.
func ParseKeys(text string) (Keys, error) {
	var k Keys
	rest, ok := strings.CutPrefix(text, keysHead)
	value, rest, ok1 := fieldOf(rest, "threshold")
	n, ok2 := parseInteger(value)
	if !ok || !ok1 || !ok2 {
		return Keys{}, Format.Because("keys")
	}
	for _, kind := range []struct {
		name, suffix string
		list         *[]string
	}{{"release", "/release", &k.Release}, {"log", "/log", &k.Log}} {
		for {
			key, after, ok := fieldOf(rest, kind.name)
			if !ok {
				break
			}
			v, err := note.NewVerifier(key)
			if err != nil || !strings.HasSuffix(v.Name(), kind.suffix) || slices.Contains(*kind.list, key) || len(*kind.list) == MaxKeys {
				return Keys{}, Format.Because("keys: a verifier key")
			}
			*kind.list, rest = append(*kind.list, key), after
		}
	}
	k.Threshold = int(min(n, MaxKeys+1))
	if len(k.Log) == 0 || k.Threshold < 1 || k.Threshold > len(k.Release) || !k.oneHost() || rest != "" || k.Text() != text {
		return Keys{}, Format.Because("keys")
	}
	return k, nil
}

// oneHost says whether all keys have the names of one host.
func (k *Keys) oneHost() bool {
	for _, list := range [][]string{k.Release, k.Log} {
		for _, key := range list {
			name, _, _ := strings.Cut(key, "+")
			if host, _ := cutLast(name, "/"); host != k.Host() || host == "" {
				return false
			}
		}
	}
	return true
}

// Host is what the names of keys begin with.
func (k *Keys) Host() string {
	name, _, _ := strings.Cut(k.Log[0], "+")
	host, _ := cutLast(name, "/")
	return host
}

// Origin is the name of the log.
func (k *Keys) Origin() string { return k.Host() + "/log" }

// Same says whether two sets of keys allow the same: their order is nothing.
func (k *Keys) Same(other *Keys) bool {
	return k.Threshold == other.Threshold && sameSet(k.Release, other.Release) && sameSet(k.Log, other.Log)
}

// ParseRelease reads what Text writes. Its error is Format.
func ParseRelease(text string) (Release, error) {
	rest, ok := strings.CutPrefix(text, releaseHead)
	version, rest, ok1 := fieldOf(rest, "version")
	manifest, rest, ok2 := fieldOf(rest, "manifest")
	at, rest, ok3 := fieldOf(rest, "time")
	until, rest, ok4 := fieldOf(rest, "expires")
	r := Release{Version: version}
	ok5 := parse32(&r.Manifest, manifest, hex.DecodeString)
	var ok6, ok7 bool
	r.Time, ok6 = parseTime(at)
	r.Expires, ok7 = parseTime(until)
	if !(ok && ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7) || rest != "" || !ValidVersion(version) || r.Text() != text {
		return Release{}, Format.Because("release")
	}
	return r, nil
}

// ParseWithdrawal reads what Text writes. Its error is Format.
func ParseWithdrawal(text string) (Withdrawal, error) {
	rest, ok := strings.CutPrefix(text, withdrawalHead)
	version, rest, ok1 := fieldOf(rest, "version")
	reason, rest, ok2 := fieldOf(rest, "reason")
	at, rest, ok3 := fieldOf(rest, "time")
	w := Withdrawal{Version: version, Reason: reason}
	var ok4 bool
	w.Time, ok4 = parseTime(at)
	if !(ok && ok1 && ok2 && ok3 && ok4) || rest != "" || !ValidVersion(version) || !ValidReason(reason) || w.Text() != text {
		return Withdrawal{}, Format.Because("withdrawal")
	}
	return w, nil
}

// ValidReason says whether a text may be the reason of a withdrawal: a line that
// a terminal shows as it is.
func ValidReason(reason string) bool {
	if reason == "" || len(reason) > 200 || strings.TrimSpace(reason) != reason {
		return false
	}
	for _, r := range reason {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfffd || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
			return false
		}
	}
	return true
}

// ValidVersion says whether a text is a version of a release: "1.4.0", "2.0.0-rc.1".
func ValidVersion(v string) bool {
	return len(v) <= 64 && semver.IsValid("v"+v) && semver.Canonical("v"+v) == "v"+v
}

// signedBy opens an entry and returns its text and which of some release keys
// signed it. A signature by one of them that does not hold is an error; those of
// others are nothing.
func signedBy(entry []byte, keys ...string) (text string, by map[string]bool, err error) {
	if len(entry) > MaxEntry {
		return "", nil, Format.Because("entry: too long")
	}
	var distinct []string
	var verifiers []note.Verifier
	for _, key := range keys {
		if slices.Contains(distinct, key) {
			continue
		}
		v, err := note.NewVerifier(key)
		if err != nil {
			return "", nil, Format.Because("verifier key")
		}
		distinct, verifiers = append(distinct, key), append(verifiers, v)
	}
	n, err := note.Open(entry, note.VerifierList(verifiers...))
	if _, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		return "", nil, Signature.Because("entry: not by the release keys")
	}
	if _, ok := errors.AsType[*note.InvalidSignatureError](err); ok {
		return "", nil, Signature.Because("entry")
	}
	if err != nil {
		// Two keys of one name and id are the one other reason.
		return "", nil, Format.Because("entry: not a signed note")
	}
	by = map[string]bool{}
	for _, s := range n.Sigs {
		i := slices.IndexFunc(verifiers, func(v note.Verifier) bool { return v.Name() == s.Name && v.KeyHash() == s.Hash })
		by[distinct[i]] = true
	}
	return n.Text, by, nil
}

// fieldOf cuts a line "name value" off a text.
func fieldOf(text, name string) (value, rest string, ok bool) {
	line, rest, ended := strings.Cut(text, "\n")
	value, named := strings.CutPrefix(line, name+" ")
	if !ended || !named {
		return "", text, false
	}
	return value, rest, true
}

func cutLast(s, sep string) (before, after string) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s
	}
	return s[:i], s[i+len(sep):]
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for _, s := range a {
		if !slices.Contains(b, s) {
			return false
		}
	}
	return true
}

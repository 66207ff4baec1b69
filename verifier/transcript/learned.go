package transcript

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"sealbook/wasm/directory"
)

// Learned is what others could have learned from what was sent.
type Learned struct {
	Directory  string      `json:"directory"` // its name
	URL        string      `json:"url"`
	Requests   int         `json:"requests"`
	Unanswered int         `json:"unanswered"`
	First      string      `json:"first"`    // time of the first request, "" if there is none
	Last       string      `json:"last"`     // … and of the last
	Sent       int         `json:"sent"`     // bytes in bodies
	Received   int64       `json:"received"` // the same of answers
	Registered int         `json:"registered"`
	Confirmed  int         `json:"confirmed"`
	Published  int         `json:"published"`
	Batches    map[int]int `json:"batches"` // how many of each size
	Numbers    int         `json:"numbers"` // that were in them, which stays on the device
	Padding    int         `json:"padding"`
	Proofs     int         `json:"proofs"`   // of the directory that hold
	Moved      int         `json:"moved"`    // accounts, to a new epoch
	Syncs      int         `json:"syncs"`    // that read the log
	Lists      int         `json:"lists"`    // of all tags that were read
	Hours      int         `json:"hours"`    // of changes that were read
	Records    int         `json:"records"`  // files of all records that were read
	Handles    int         `json:"handles"`  // blocks of records that were asked for: somebody wanted one
	Returned   bool        `json:"returned"` // the size of a log was named
	// CredentialGiven is that the credential is taken as the transcript has it:
	// its bytes came from an answer before the transcript began.
	CredentialGiven bool `json:"credential_given"`

	first, last time.Time
	least       int // numbers that the batches can have had
}

// count counts a request, explained or not.
func (l *Learned) count(e *directory.Exchange) {
	l.Requests++
	l.Sent += len(e.Request.Body)
	switch r := e.Response; {
	case r == nil:
		l.Unanswered++
	case r.Bytes != nil:
		l.Received += *r.Bytes
	default:
		l.Received += int64(len(r.Body) * 3 / 4)
	}
	if t := at(e); l.First == "" || t.Before(l.first) {
		l.first, l.First = t, directory.Time(t)
	}
	if t := at(e); l.Last == "" || t.After(l.last) {
		l.last, l.Last = t, directory.Time(t)
	}
}

// batch counts a batch; below is the next smaller size, which would have done
// for fewer numbers.
func (l *Learned) batch(size, below, numbers int) {
	if below > 0 {
		l.least += below + 1 // in the smallest there may be none
	}
	if l.Batches == nil {
		l.Batches = map[int]int{}
	}
	l.Batches[size]++
	l.Numbers += numbers
	l.Padding += size - numbers
}

// Observer says in plain words what somebody on the network could have learned:
// with https not what was said, but between whom, when and how much.
func (l *Learned) Observer() (lines []string) {
	if l.Requests == 0 {
		return []string{"nothing: nothing was sent"}
	}
	host := l.URL
	u, err := url.Parse(l.URL)
	if err == nil {
		host = u.Host
	}
	lines = append(lines,
		fmt.Sprintf("that this device talked to %s, and from which network address", printable(host)),
		fmt.Sprintf("when: %s between %s and %s", plural(l.Requests, "request"), l.First, l.Last),
		fmt.Sprintf("how much: %s sent and %s received in bodies, request by request", bytesOf(int64(l.Sent)), bytesOf(l.Received)))
	if len(l.Batches) > 0 {
		lines = append(lines, "from the sizes: "+l.batches())
	}
	if err != nil || u.Scheme != "https" {
		lines = append(lines, "and, as this was not https, every byte that the directory saw")
	}
	return lines
}

// Service says in plain words what the directory could have learned.
func (l *Learned) Service() (lines []string) {
	if l.Requests == 0 {
		return []string{"nothing: nothing was sent"}
	}
	lines = append(lines, "all that an observer could, and which requests belong together")
	if l.Registered+l.Confirmed > 0 {
		lines = append(lines, "the number that was registered, as it is, to send and check a code")
	}
	if l.Published > 0 {
		lines = append(lines, "a sealed record of 64 bytes, which opens for whoever has the number and an evaluation: the directory could have both")
	}
	if len(l.Batches) > 0 {
		lines = append(lines,
			l.batches(),
			"blinded elements, uniformly random: not which numbers, nor whether the same were asked for before, nor who was found")
	}
	if l.Moved > 0 {
		lines = append(lines, "the own number once more, to move the account to a new epoch")
	}
	if l.Lists+l.Hours+l.Records > 0 {
		lines = append(lines, "that published files were read whole, the same for everybody")
	}
	if l.Handles > 0 {
		lines = append(lines, fmt.Sprintf("that somebody wanted one of the people of each of %s of records, at most 256 people and often one", plural(l.Handles, "block")))
	}
	if l.Returned {
		lines = append(lines, "that it is the same client as before: it named the size of the log that it knew")
	}
	return lines
}

// batches says what sizes of batches tell.
func (l *Learned) batches() string {
	count, most := 0, 0
	var parts []string
	for _, size := range slices.Sorted(maps.Keys(l.Batches)) {
		n := l.Batches[size]
		parts = append(parts, fmt.Sprintf("%d of %d", n, size))
		count, most = count+n, most+n*size
	}
	return fmt.Sprintf("that it was sent %s of elements (%s): %d to %d numbers, new to it", plural(count, "batch"), strings.Join(parts, ", "), l.least, most)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	if word == "batch" {
		word = "batche"
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func bytesOf(n int64) string { return plural(int(n), "byte") }

// printable is a text from the transcript for a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
}

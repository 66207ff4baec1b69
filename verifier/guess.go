package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"sealbook/wasm/contacts"
	"sealbook/wasm/contacts/file"
	"sealbook/wasm/contacts/sift"
)

// autoRegion is the value of --region that asks for a guess.
const autoRegion = "auto"

// contactsInput opens the file of contacts, "-" for standard input, and settles
// the region, for which it may have to be read twice.
func (s *session) contactsInput(argument, path string) (io.ReadCloser, error) {
	var in io.ReadSeekCloser
	if path != "-" {
		f, err := openFile(argument, path)
		if err != nil {
			return nil, err
		}
		in = f
	} else if s.region != autoRegion {
		return s.in, nil
	} else {
		all, err := io.ReadAll(s.in)
		if err != nil {
			return nil, fail("cannot read "+argument+": "+bare(err).Error(), "")
		}
		in = memory{bytes.NewReader(all)}
	}
	if s.region != autoRegion {
		return in, nil
	}
	err := s.guess(in)
	if err == nil {
		_, err = in.Seek(0, io.SeekStart)
		if err != nil {
			err = fail("cannot read "+argument+" twice, as --region auto does", "name the region instead, as in --region GB")
		}
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// memory is standard input that was read.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// guess settles the region by the contacts and the machine's own, and says so.
// What cannot be read is told when the contacts are read once more.
func (s *session) guess(in io.Reader) error {
	var g sift.Guess
	for e, err := range file.Read(in, contacts.Options{Number: s.column}) {
		if err != nil {
			break
		}
		if e.Kind == contacts.Number {
			g.Add(e.Text, string(e.Country))
		}
	}
	found := g.Best(localeRegions(os.Getenv)...)
	s.region, s.habit = found.Region, found.Habit
	why := map[sift.Why]string{
		sift.ByNumbers:     "the numbers without a country code fit there best",
		sift.ByHint:        "this machine's language names it, and the numbers do not speak against it",
		sift.ByCallingCode: "most numbers with a country code are from there",
		sift.ByCountry:     "the column of countries names it",
	}[found.Why]
	if found.Region != "" {
		s.note("the region is taken to be %s: %s; --region settles it", found.Region, why)
		return nil
	}
	var near []string
	for _, c := range found.Contenders[:min(5, len(found.Contenders))] {
		near = append(near, c.Region)
	}
	switch {
	case len(near) > 0:
		s.note("the region cannot be told: it may be %s; --region settles it", strings.Join(near, ", "))
	case found.National > 0:
		s.note("the region cannot be told; --region settles it")
	}
	return nil
}

// localeRegions are the regions of the environment's languages, such as GB in
// "en_GB.UTF-8", that of telephone numbers first.
func localeRegions(getenv func(string) string) (regions []string) {
	for _, name := range []string{"LC_ALL", "LC_TELEPHONE", "LANG"} {
		language, _, _ := strings.Cut(getenv(name), ".")
		if _, region, ok := strings.Cut(language, "_"); ok {
			regions = append(regions, region)
		}
	}
	return regions
}

// note tells of something that is as it should be.
func (s *session) note(format string, args ...any) {
	fmt.Fprintf(s.errOut, "note: "+format+"\n", args...)
}

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// languages of the site, as they stand in lang attributes; the first is the
// one for readers whose browser asks for neither.
var languages = []string{"en", "zh-Hans"}

// texts are the site's texts: by language, then by key.
type texts map[string]map[string]string

// readTexts reads site/text/LANGUAGE.json, each an object of key and text. The
// languages must have the same keys, and the same {placeholders} under each.
func readTexts(root fs.FS) (texts, error) {
	all := texts{}
	for _, language := range languages {
		name := textDir + "/" + language + ".json"
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, err
		}
		var read map[string]string
		if err := json.Unmarshal(data, &read); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[language] = read
	}
	for _, language := range languages[1:] {
		if err := sameKeys(all[languages[0]], all[language]); err != nil {
			return nil, fmt.Errorf("%s/%s.json: %w", textDir, language, err)
		}
	}
	return all, nil
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

func sameKeys(a, b map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(a)) {
		if b[key] == "" || a[key] == "" {
			return fmt.Errorf("no text for %q in one of the languages", key)
		}
		x, y := placeholder.FindAllString(a[key], -1), placeholder.FindAllString(b[key], -1)
		slices.Sort(x)
		slices.Sort(y)
		if !slices.Equal(slices.Compact(x), slices.Compact(y)) {
			return fmt.Errorf("%q: placeholders %v and %v", key, x, y)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[key]; !ok {
			return fmt.Errorf("%q is not in the first language", key)
		}
	}
	return nil
}

// textsModule is the script module with a page's texts.
const textsModule = "page/built/texts.js"

// module is that module with these texts.
func (t texts) module() []byte {
	data, err := marshal(t)
	if err != nil {
		panic(err) // strings always marshal
	}
	return append(fmt.Appendf(nil, generated+"export default ", textDir), data...)
}

// prefix finds keys that scripts make up from data: "error." + code.
var prefix = regexp.MustCompile(`"([\w.-]+\.)" \+`)

var madeUp = regexp.MustCompile("\\b(?:t|has)\\(`.{0,20}")

// used returns the texts whose keys a source names, wholly or by a prefix.
func (t texts) used(source string) (texts, error) {
	if found := madeUp.FindString(source); found != "" {
		return nil, fmt.Errorf("%s…: a key is written whole, or as \"prefix.\" + rest, or it is not found here", found)
	}
	var prefixes []string
	for _, m := range prefix.FindAllStringSubmatch(source, -1) {
		prefixes = append(prefixes, m[1])
	}
	some := texts{}
	for language, all := range t {
		some[language] = map[string]string{}
		for key, text := range all {
			if strings.Contains(source, `"`+key+`"`) || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
				some[language][key] = text
			}
		}
		if len(some[language]) == 0 {
			return nil, fmt.Errorf("no text in %s is used", language)
		}
	}
	return some, nil
}

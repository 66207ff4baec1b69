package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"sealbook/wasm"
	"sealbook/wasm/email"
)

var recipesCommand = command{
	name:  "recipes",
	usage: []string{"[--json] [ID...]"},
	brief: "list the published ways to hash a number or an address",
	about: `
Lists the published recipes: the id, the spelling of the number that is hashed,
the algorithm with the bytes it is cut to, the encoding, and how well the source
supports it:
  vector   the vendor publishes a vector, and it was computed here with the same
           result (confirmed-official-vector)
  read     the recipe was read in the vendor's documentation or code, which has
           no vector (confirmed-in-code-or-doc-no-vector)
  WEAK     no source confirms it (recall-only): do not rely on it
With ids, tells all that is known of each: what it is used for, salt and key,
source and notes. The spellings are e164_plus (+442079460018), digits_cc
(442079460018), intl_00 (00442079460018), national_0 (02079460018),
national_nsn (2079460018), spaced_intl (+44 20 7946 0018), rfc3966
(tel:+44-20-7946-0018) and email. With --json, an object a line.`,
	options: []string{"json"},
	exits:   [3]string{"the recipes are listed", "", "there is no recipe with such an id, or the output cannot be written"},
	samples: []string{"verifier recipes", "verifier recipes signal-legacy", "verifier recipes --json | jq -r 'select(.kind == \"crm\").id'"},
	run:     runRecipes,
}

// entry is a recipe in recipes.json, as far as it is shown.
type entry struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	Vendor     string  `json:"vendor"`
	Kind       string  `json:"kind"`
	Use        string  `json:"use"`
	Form       string  `json:"form"`
	Algorithm  string  `json:"algorithm"`
	Encoding   string  `json:"encoding"`
	Truncation *int    `json:"truncation_bytes"`
	Salt       *string `json:"salt_or_pepper"`
	Key        *string `json:"hmac_key_hex"`
	Template   string  `json:"preimage_template"`
	Confidence string  `json:"confidence"`
	Source     string  `json:"source"`
	Notes      *string `json:"notes"`
}

// published are the recipes in the order of package recipe, then those of package
// email.
func published() ([]entry, error) {
	var file struct {
		Recipes []entry `json:"recipes"`
	}
	err := json.Unmarshal(wasm.Recipes, &file)
	if err != nil {
		return nil, err
	}
	for _, r := range email.Recipes() {
		file.Recipes = append(file.Recipes, address(&r))
	}
	return file.Recipes, nil
}

// address is a recipe of package email as an entry.
func address(r *email.Recipe) entry {
	form := "Trimmed and in lower case."
	for _, left := range []struct {
		where email.Where
		what  string
	}{{r.Dots, "dots"}, {r.Tag, "a plus and what is behind it"}, {r.Symbols, "all but letters and digits"}} {
		switch left.where {
		case email.All:
			form += " Before the @, " + left.what + " left out."
		case email.Gmail:
			form += " Before @gmail.com and @googlemail.com, " + left.what + " left out."
		case email.GmailCom:
			form += " Before @gmail.com, " + left.what + " left out."
		}
	}
	return entry{
		ID: r.ID, Name: r.Vendor + ", e-mail addresses", Vendor: r.Vendor, Kind: "ad-matching",
		Use: "Telling the platform which of its users a customer is.", Form: "email", Algorithm: "sha256", Encoding: r.Encoding,
		Template: "{n}", Confidence: r.Confidence.String(), Source: r.Source, Notes: &form,
	}
}

var confidences = map[string]string{
	"confirmed-official-vector":          "vector",
	"confirmed-in-code-or-doc-no-vector": "read",
	"recall-only":                        "WEAK",
}

func runRecipes(s *session) (int, error) {
	all, err := published()
	if err != nil {
		return 0, err
	}
	list := all
	if len(s.args) > 0 {
		list = nil
		for _, id := range s.args {
			at := len(list)
			for _, e := range all {
				if e.ID == id {
					list = append(list, e)
				}
			}
			if len(list) == at {
				return 0, fail("there is no published recipe with such an id", `"verifier recipes" lists them`)
			}
		}
	}
	var b strings.Builder
	switch {
	case s.json:
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		for _, e := range list {
			if err := enc.Encode(e); err != nil {
				return 0, err
			}
		}
	case len(s.args) > 0:
		for i, e := range list {
			if i > 0 {
				b.WriteString("\n")
			}
			e.describe(&b)
		}
	default:
		fmt.Fprintf(&b, "%-29s  %-12s  %-14s  %-15s  %-8s  %s\n", "ID", "FORM", "ALGORITHM", "ENCODING", "SOURCE", "USED FOR")
		for _, e := range list {
			fmt.Fprintf(&b, "%-29s  %-12s  %-14s  %-15s  %-8s  %s\n", e.ID, e.Form, e.algorithm(), e.Encoding, confidences[e.Confidence], e.Kind)
		}
	}
	return clean, print(s.out, b.String())
}

// algorithm is the algorithm with the bytes it is cut to.
func (e *entry) algorithm() string {
	if e.Truncation != nil {
		return fmt.Sprintf("%s/%d", e.Algorithm, *e.Truncation)
	}
	return e.Algorithm
}

// describe writes all that is known of a recipe.
func (e *entry) describe(b *strings.Builder) {
	b.WriteString(e.ID + "\n")
	field := func(name, text string) {
		for i, line := range wrap(text, helpWidth-14) {
			if i > 0 {
				name = ""
			}
			b.WriteString(strings.TrimRight(fmt.Sprintf("  %-10s  %s", name, line), " ") + "\n")
		}
	}
	field("name", e.Name)
	field("vendor", e.Vendor)
	field("used for", e.Use+" ("+e.Kind+")")
	field("form", e.Form)
	field("algorithm", e.Algorithm)
	field("encoding", e.Encoding)
	if e.Truncation != nil {
		field("cut to", fmt.Sprintf("%d bytes", *e.Truncation))
	}
	field("hashed", e.Template)
	if e.Salt != nil {
		field("salt", *e.Salt)
	}
	if e.Key != nil {
		field("key", *e.Key)
	}
	field("confidence", e.Confidence)
	field("source", e.Source)
	if e.Notes != nil {
		field("notes", *e.Notes)
	}
	if e.Algorithm == "unsupported" {
		field("here", "listed, not computed")
	}
}

package main

import (
	"bytes"
	"strings"

	"sealbook/verifier/engine"
	"sealbook/wasm/batch"
	"sealbook/wasm/email"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

var hashCommand = command{
	name:  "hash",
	usage: []string{"--recipe RECIPE [--region XX] TEXT...", "--recipe RECIPE [--region XX] [--jsonl] [--file FILE]", "--recipe RECIPE [--region XX] --csv --column NAME [--email NAME]", "--preset PLATFORM [--only] --csv [--column NAME] [--email NAME]"},
	brief: "the digests of phone numbers and addresses that platforms exchange",
	about: `
Gives the digests of phone numbers by one recipe, several or all. A digest of a
phone number hides nothing: there are so few numbers that all can be tried.
Texts come as arguments, or a line each from a file or standard input.
Arguments can be seen by other users of this machine; lines cannot.

RECIPE is
  - an id such as meta-capi, as "verifier recipes" lists them, or "all" for all
    of them that can be computed;
  - one of the grid, FORM/ALGORITHM/ENCODING or FORM/ALGORITHM/ENCODING/BYTES:
    e164_plus/sha256/hex, national_0/md5/base64, digits_cc/sha1/hex/10;
  - an own one, with its fields in this order; trunc, salt and key may be left
    out: 'form=e164_plus alg=hmac-sha256 enc=hex trunc=10 template="{n}{salt}"
    salt="pepper" key=00ff'.
A recipe for e-mail addresses, such as meta-email, takes those instead of
numbers; among several recipes, a text with an @ is given to these alone.

Without --jsonl and --csv the output has columns for E.164, RECIPE, DIGEST and
the text as it was, separated by blanks, a line for each recipe; a text without
digest has the reason instead: a code as "verifier number" gives it, or
NOT_AN_EMAIL. Arguments get a line of headings.

With --jsonl each line in is {"input":"…","region":"GB"}; where the region is
left out or null, that of --region counts. Each line out is
  {"input","region","e164","digests":{"RECIPE":"DIGEST",…},"error"}
With --csv the column e164, one named by each recipe, and error are added at
the end of each row. Bad lines are treated as by "verifier number". With --email
the recipes for e-mail addresses take the column that it names, those for numbers
that of --column; error then may hold a code for either.

--preset makes a customer list for an ad platform: its recipes, and instead of
the recipes' ids the names that it publishes for the columns, without e164. A
column of the file that has such a name already gets "plain_" before it. What
stands beside the digests is uploaded with them, so --only leaves all else out:
a row for each row, its digests and nothing else. A note says where the names
are published, or a warning that none were found.

Files may be of any length; a line or row has at most 1 MB (1,048,576 bytes).
Text is UTF-8.`,
	options: []string{"recipe", "region", "file", "jsonl", "csv", "column", "region-column", "email", "preset", "only", "delimiter", "prefix", "engine", "jobs"},
	exits: [3]string{
		"every text has its digests",
		"at least one has none, or is in a bad line",
		couldNotCheck,
	},
	samples: []string{
		`verifier hash --recipe all --region GB "020 7946 0018"`,
		`verifier hash --recipe e164_plus/sha256/hex/10 --file numbers.txt`,
		`verifier hash --recipe meta-capi --recipe tiktok-events \
    --csv --column phone --region FI --file customers.csv > hashed.csv`,
		`verifier hash --preset meta --only --csv --column phone --email mail \
    --region-column country --file customers.csv > for-meta.csv`,
	},
	run: func(s *session) (int, error) {
		recipes, columns, err := s.wanted()
		if err != nil {
			return 0, err
		}
		s.warnOfWeak(recipes)
		view := plain{widths: columnWidths(recipes)}
		return s.table(table{
			columns: columns,
			task:    func() task { return &hashTask{recipes: recipes, apart: s.email != ""} },
			plain: func(visible bool) *plain {
				p := view
				p.visible = visible
				return &p
			},
			header:  view.hashHeader(),
			growth:  1 + len(recipes),
			counted: s.preset != nil || s.email != "",
		})
	},
}

// chosen is a recipe of the command line.
type chosen struct {
	recipe.Recipe
	name  string
	token []byte // the name as JSON
	email bool
	of    *email.Recipe // that gives the address its normal form; nil for those of package recipe
}

func newChosen(r recipe.Recipe) chosen {
	name := r.String()
	return chosen{r, name, appendQuoted(nil, []byte(name)), r.Form() == recipe.Email, nil}
}

// newAddress makes a recipe of package email one like the others.
func newAddress(of *email.Recipe) chosen {
	r, err := recipe.Parse(of.Hash())
	if err != nil {
		panic(err)
	}
	return chosen{r, of.ID, appendQuoted(nil, []byte(of.ID)), true, of}
}

// builtIn names a recipe of every engine that hashes texts as they are, by the
// encoding of their SHA-256. A normal form needs no more, and the places that an
// engine has for recipes which are not built in are few.
var builtIn = map[string]string{"hex": "meta-capi", "base64": "uid2-euid"}

// engineName is what the engine knows the recipe by.
func (c *chosen) engineName() string {
	if c.of != nil {
		return builtIn[c.of.Encoding]
	}
	return c.name
}

// appendAddress appends what is hashed of an address, and reports whether it is one.
func (c *chosen) appendAddress(dst, text []byte) ([]byte, bool) {
	switch {
	case c.of != nil:
		return c.of.Normalize(dst, text)
	case isEmail(text):
		return append(dst, text...), true
	}
	return dst, false
}

// wanted are the recipes that the command line asks for, and the columns that they
// add to a CSV.
func (s *session) wanted() (recipes []chosen, columns []string, err error) {
	if !s.csv && (s.email != "" || s.preset != nil || s.only) {
		return nil, nil, fail("--email, --preset and --only are for --csv", "")
	}
	if s.preset != nil {
		return s.presetWanted()
	}
	if s.only {
		return nil, nil, fail("--only is for --preset", "as in --preset meta --only")
	}
	if recipes, err = choose(s.recipes); err != nil {
		return nil, nil, err
	}
	columns = []string{"e164"}
	numbers, emails := false, false
	for _, r := range recipes {
		columns = append(columns, r.name)
		emails = emails || r.email
		numbers = numbers || !r.email
	}
	if s.email != "" {
		switch {
		case !emails:
			return nil, nil, fail("--email needs a recipe for e-mail addresses", "such as --recipe meta-email; \"verifier recipes\" lists them")
		case numbers && s.column == "":
			return nil, nil, fail("a recipe for numbers needs --column", "the name that the header gives to the column with the numbers, as in --column phone")
		case !numbers && s.column != "":
			return nil, nil, fail("--column needs a recipe for numbers", "such as --recipe meta-capi")
		}
	}
	return recipes, append(columns, "error"), nil
}

// presetWanted is wanted for --preset: the platform's recipes for the columns that
// are there.
func (s *session) presetWanted() (recipes []chosen, columns []string, err error) {
	p := s.preset
	switch {
	case len(s.recipes) > 0:
		return nil, nil, fail("--preset and --recipe exclude each other", "")
	case s.prefix != "":
		return nil, nil, fail("--prefix is not for --preset", "a platform knows its columns by their names")
	case p.Phone.Name == "" && s.column != "":
		return nil, nil, fail("--column: "+p.Vendor+" takes no phone numbers in such a file", "--email NAME has it hash the addresses")
	case p.Email.Name == "" && s.email != "":
		return nil, nil, fail("--email: "+p.Vendor+" takes no e-mail addresses in such a file", "")
	}
	if s.email != "" {
		of, _ := email.Lookup(p.Email.Recipe)
		recipes, columns = append(recipes, newAddress(of)), append(columns, p.Email.Name)
	}
	if s.column != "" {
		r, _ := recipe.Lookup(p.Phone.Recipe)
		recipes, columns = append(recipes, newChosen(*r)), append(columns, p.Phone.Name)
	}
	if p.Confidence == recipe.RecallOnly {
		s.warn("names of columns that %s publishes were not found; these are to be matched when the file is uploaded", p.Vendor)
	} else {
		s.note("names of columns by %s; read %s", p.Source, p.Read)
	}
	if !s.only {
		columns = append(columns, "error")
	}
	return recipes, columns, nil
}

// choose reads the values of --recipe.
func choose(specs []string) ([]chosen, error) {
	if len(specs) == 0 {
		return nil, fail("--recipe is missing", `--recipe all gives the digests by every recipe; "verifier recipes" lists them`)
	}
	var out []chosen
	own := 0
	for _, spec := range specs {
		if spec == "all" {
			for i := range recipe.Count() {
				if r := recipe.At(i); r.Computable() {
					out = append(out, newChosen(*r))
				}
			}
			for i := range email.Recipes() {
				out = append(out, newAddress(&email.Recipes()[i]))
			}
			continue
		}
		if of, ok := email.Lookup(spec); ok {
			out = append(out, newAddress(of))
			continue
		}
		r, err := recipe.Parse(spec)
		if err != nil {
			return nil, refused(err)
		}
		if !r.Computable() {
			return nil, refused(recipe.NotComputable)
		}
		if r.ID() == "" {
			own++
		}
		out = append(out, newChosen(r))
	}
	for i, r := range out {
		for _, before := range out[:i] {
			if before.name == r.name {
				return nil, fail("a recipe is given twice", "")
			}
		}
	}
	if own > batch.MaxOwn {
		return nil, fail("more than 8 recipes that are not published ones", "run the command once for each 8 of them")
	}
	return out, nil
}

// refused says what is wrong with a recipe. The text itself is not repeated:
// it may hold a secret.
func refused(err error) error {
	switch err {
	case recipe.UnknownRecipe:
		return fail("--recipe: there is no such recipe (UNKNOWN_RECIPE)", `"verifier recipes" lists the published ones; "verifier hash --help" says what else can be given`)
	case recipe.NotComputable:
		return fail("--recipe: this recipe is listed but cannot be computed here (NOT_COMPUTABLE)", `"verifier recipes ID" says what is known of it`)
	}
	return fail("--recipe: the recipe cannot be read ("+err.Error()+")", `"verifier hash --help" shows how one is written`)
}

// warnOfWeak names the recipes that no source confirms.
func (s *session) warnOfWeak(recipes []chosen) {
	var weak []string
	for _, r := range recipes {
		confidence := r.Confidence()
		if r.of != nil {
			confidence = r.of.Confidence
		}
		if confidence == recipe.RecallOnly {
			weak = append(weak, r.name)
		}
	}
	if len(weak) > 0 {
		s.warn("confirmed by no source (recall-only): %s", strings.Join(weak, ", "))
	}
}

// columnWidths are those of the columns RECIPE and DIGEST.
func columnWidths(recipes []chosen) [2]int {
	w := [2]int{len("RECIPE"), statusWidth}
	sample, _ := number.Parse("+442079460018", "")
	for _, r := range recipes {
		text := r.Append(nil, sample)
		if r.email {
			text = r.AppendText(nil, []byte("me@example.com"))
		}
		w[0], w[1] = max(w[0], min(len(r.name), 40)), max(w[1], len(text))
	}
	return w
}

// hashTask computes digests of rows.
type hashTask struct {
	recipes []chosen
	handles []int // in the engine
	apart   bool  // addresses have a column of their own

	numbers, emails bool // there are recipes for them
	refused         []int
	parsed          []parsed
	texts           [][][]byte // by recipe, then by row
	arena           []byte
	row             hashed
}

func (t *hashTask) start(w *worker) error {
	for _, r := range t.recipes {
		h, err := engine.Define(w.e, r.engineName())
		if err != nil {
			return err
		}
		t.handles = append(t.handles, h)
		t.emails = t.emails || r.email
		t.numbers = t.numbers || !r.email
	}
	t.texts = make([][][]byte, len(t.recipes))
	t.row = hashed{recipes: t.recipes, texts: make([][]byte, len(t.recipes))}
	return nil
}

func (t *hashTask) compute(w *worker, rows []row) error {
	if t.handles == nil {
		if err := t.start(w); err != nil {
			return err
		}
	}
	t.arena, t.parsed = t.arena[:0], t.parsed[:0]
	if t.numbers {
		if err := w.parse(rows, 0); err != nil {
			return err
		}
		for i := range rows {
			// The engine's records stay as they are until the next parse,
			// which comes after these rows have been written.
			var p parsed
			p.read(engine.Record(w.e, i))
			t.parsed = append(t.parsed, p)
		}
	}
	for k, r := range t.recipes {
		t.texts[k] = t.texts[k][:0]
		if r.email {
			continue
		}
		for first := 0; first < len(rows); {
			n, err := engine.Digests(w.e, &t.recipes[k].Recipe, t.handles[k], first, len(rows), func(i int) number.Number {
				if t.parsed[i].code != number.OK {
					return number.Number{}
				}
				return w.number(&rows[i])
			})
			if err != nil {
				return err
			}
			t.keep(k, w.e)
			first += n
		}
		if len(t.texts[k]) != len(rows) {
			return fail("--recipe: a digest would hold line ends", "a plain recipe cannot have a salt with a line feed here")
		}
	}
	if !t.emails {
		return nil
	}
	for i := range rows {
		rows[i].email = isEmail(rows[i].text) // looked at where both have one column
	}
	for k, r := range t.recipes {
		if r.email {
			if err := t.hash(w, rows, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// hash has the engine digest the addresses among rows. What is none gives no text.
func (t *hashTask) hash(w *worker, rows []row, k int) error {
	t.refused = t.refused[:0]
	for i := 0; i < len(rows); {
		in := w.e.Input()[:0]
		for j := i; j < len(rows) && len(in) < batch.InputSize-maxEmail; j++ {
			text := rows[j].text
			if t.apart {
				text = rows[j].mail
			}
			var ok bool
			if in, ok = t.recipes[k].appendAddress(in, text); !ok {
				t.refused = append(t.refused, j)
			}
			in = append(in, '\n')
		}
		n, err := w.e.Hash(len(in), t.handles[k], 0)
		if err != nil {
			return err
		}
		t.keep(k, w.e)
		i += n
	}
	for _, j := range t.refused {
		t.texts[k][j] = nil
	}
	return nil
}

// keep takes the lines that the engine wrote, for the rows that follow those
// there are texts of.
func (t *hashTask) keep(k int, e engine.Engine) {
	at := len(t.arena)
	t.arena = append(t.arena, e.Text()[:e.Status().Written]...)
	for lines := t.arena[at:]; len(lines) > 0; {
		end := bytes.IndexByte(lines, '\n')
		t.texts[k] = append(t.texts[k], lines[:end])
		lines = lines[end+1:]
	}
}

// maxEmail is far more bytes than an address may have (RFC 5321, section 4.5.3.1).
const maxEmail = 4096

// isEmail tells whether text is worth a recipe for e-mail addresses: something
// on both sides of an @, and nothing that ends a line.
func isEmail(text []byte) bool {
	at := bytes.LastIndexByte(text, '@')
	return at > 0 && at < len(text)-1 && len(text) <= maxEmail && bytes.IndexByte(text, '\n') < 0
}

func (t *hashTask) write(dst []byte, f format, i int, r *row) ([]byte, bool) {
	h := &t.row
	h.e164, h.code, h.more = nil, "", ""
	asked, mail := t.numbers, t.emails // for digests of a number, of an address
	if !t.apart {
		mail = t.emails && (!t.numbers || r.email)
		asked = !mail
	}
	if r.bad != "" || r.blank {
		asked, mail = false, false
	}
	if asked {
		if code := t.parsed[i].code; code == number.OK {
			h.e164 = t.parsed[i].e164
		} else {
			h.code, asked = code.String(), false
		}
	}
	mails := 0
	for k := range t.recipes {
		h.texts[k] = nil
		switch {
		case t.recipes[k].email && mail:
			if h.texts[k] = t.texts[k][i]; len(h.texts[k]) > 0 {
				mails++
			}
		case !t.recipes[k].email && asked:
			h.texts[k] = t.texts[k][i]
		}
	}
	if mail && mails == 0 {
		if h.code == "" {
			h.code = notAnEmail
		} else {
			h.more = notAnEmail
		}
	}
	return f.hashes(dst, r, h), h.code == ""
}

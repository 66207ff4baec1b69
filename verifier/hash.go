package main

import (
	"bytes"
	"strings"

	"sealbook/verifier/engine"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

var hashCommand = command{
	name:  "hash",
	usage: []string{"--recipe RECIPE [--region XX] TEXT...", "--recipe RECIPE [--region XX] [--jsonl] [--file FILE]", "--recipe RECIPE [--region XX] --csv --column NAME [--file FILE]"},
	brief: "the digests of phone numbers that platforms exchange",
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
A recipe for e-mail addresses takes those instead of numbers; among several
recipes, a text with an @ is given to these alone.

Without --jsonl and --csv the output has columns for E.164, RECIPE, DIGEST and
the text as it was, parted by blanks, a line for each recipe; a text without
digest has the reason instead: a code as "verifier number" gives it, or
NOT_AN_EMAIL. Arguments get a line of headings.

With --jsonl each line in is {"input":"…","region":"GB"}; where the region is
left out or null, that of --region counts. Each line out is
  {"input","region","e164","digests":{"RECIPE":"DIGEST",…},"error"}
With --csv the column e164, one named by each recipe, and error are added at
the end of each row. Bad lines are treated as by "verifier number".

Files may be of any length; a line or row has at most 1 MB (1,048,576 bytes).
Text is UTF-8.`,
	options: []string{"recipe", "region", "file", "jsonl", "csv", "column", "region-column", "delimiter", "prefix", "engine", "jobs"},
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
	},
	run: func(s *session) (int, error) {
		recipes, err := choose(s.recipes)
		if err != nil {
			return 0, err
		}
		s.warnOfWeak(recipes)
		columns := []string{"e164"}
		for _, r := range recipes {
			columns = append(columns, r.name)
		}
		view := plain{widths: columnWidths(recipes)}
		return s.table(table{
			columns: append(columns, "error"),
			task:    func() task { return &hashTask{recipes: recipes} },
			plain: func(visible bool) *plain {
				p := view
				p.visible = visible
				return &p
			},
			header: view.hashHeader(),
			growth: 1 + len(recipes),
		})
	},
}

// chosen is a recipe of the command line.
type chosen struct {
	recipe.Recipe
	name  string
	token []byte // the name as JSON
	email bool
}

func newChosen(r recipe.Recipe) chosen {
	name := r.String()
	return chosen{r, name, appendQuoted(nil, []byte(name)), r.Form() == recipe.Email}
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
			if before.Recipe == r.Recipe {
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
		if r.Confidence() == recipe.RecallOnly {
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

	numbers, emails bool // there are recipes for them
	parsed          []parsed
	texts           [][][]byte // by recipe, then by row
	arena           []byte
	row             hashed
}

func (t *hashTask) start(w *worker) error {
	for _, r := range t.recipes {
		h, err := engine.Define(w.e, r.name)
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
		rows[i].email = isEmail(rows[i].text)
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

// hash has the engine digest the addresses among rows.
func (t *hashTask) hash(w *worker, rows []row, k int) error {
	for i := 0; i < len(rows); {
		in := w.e.Input()[:0]
		for _, r := range rows[i:] {
			if r.email {
				in = append(in, r.text...)
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

// isEmail tells whether text is worth a recipe for e-mail addresses: something
// on both sides of an @, and nothing that ends a line. 4096 bytes are far more
// than an address may have (RFC 5321, section 4.5.3.1).
func isEmail(text []byte) bool {
	at := bytes.LastIndexByte(text, '@')
	return at > 0 && at < len(text)-1 && len(text) <= 4096 && bytes.IndexByte(text, '\n') < 0
}

func (t *hashTask) write(dst []byte, f format, i int, r *row) ([]byte, bool) {
	h := &t.row
	h.e164, h.code = nil, ""
	email := t.emails && (!t.numbers || r.email)
	switch {
	case r.bad != "" || r.blank:
	case email && !r.email:
		h.code = notAnEmail
	case !email && t.parsed[i].code != number.OK:
		h.code = t.parsed[i].code.String()
	case !email:
		h.e164 = t.parsed[i].e164
	}
	for k := range t.recipes {
		h.texts[k] = nil
		if h.code == "" && t.recipes[k].email == email {
			h.texts[k] = t.texts[k][i]
		}
	}
	return f.hashes(dst, r, h), h.code == ""
}

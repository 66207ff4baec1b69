package main

import (
	"sealbook/verifier/engine"
	"sealbook/wasm/batch"
)

var numberCommand = command{
	name:  "number",
	usage: []string{"[--region XX] [--lenient] TEXT...", "[--region XX] [--lenient] [--jsonl] [--file FILE]", "[--region XX] --csv --column NAME [--file FILE]"},
	brief: "read phone numbers: E.164, validity, type and region",
	about: `
Reads what people write as phone numbers and judges them by the numbering plan,
as Google's libphonenumber does. Texts come as arguments, or a line each from a
file or standard input. Arguments can be seen by other users of this machine;
lines cannot.

Without --jsonl and --csv the output has columns for E.164, REGION, TYPE,
STATUS and the text as it was, separated by blanks; "-" is "none". STATUS is
VALID, POSSIBLE (only the length fits), IMPOSSIBLE, or why the text is no
number. Arguments get a line of headings.

With --jsonl each line in is {"input":"…","region":"GB"}; where the region is
left out or null, that of --region counts. Each line out is, in the order of
the input,
  {"input","region","e164","valid","possible","type","region_of","error"}
"input" comes back byte for byte. "valid" and "possible" are booleans: possible
is what libphonenumber's isPossibleNumber says, that is IS_POSSIBLE or
IS_POSSIBLE_LOCAL_ONLY. "type" is UNKNOWN, FIXED_LINE, MOBILE,
FIXED_LINE_OR_MOBILE, TOLL_FREE, PREMIUM_RATE, SHARED_COST, VOIP,
PERSONAL_NUMBER, PAGER, UAN or VOICEMAIL. "region_of" is the number's region,
001 for numbers of no country. "error" is INVALID_COUNTRY_CODE, NOT_A_NUMBER,
TOO_SHORT_AFTER_IDD, TOO_SHORT_NSN, TOO_LONG or BAD_LINE; what is absent is
null. A line that is not such an object, or has other keys, is a BAD_LINE: it
comes back as a whole in "input" and is reported with its number.

With --csv the columns e164, valid, possible, type, region_of and error are
added at the end of each row. A row that has not as many columns as the header
is reported with its line number and stays as it is, without them.

With --lenient a text is a field as people fill it: with a label or a name, an
extension, several numbers, a link to a chat, damaged by a spreadsheet, with its
country code and no plus. Each line out is
  {"input","region","numbers":[{"e164","text","repairs"},…],"error"}
where "text" is what the number was read from and "repairs" lists what was
mended:
` + repairWords() + `What a number accepts as it stands comes first; where two readings are as good,
"error" is AMBIGUOUS; it is ROUNDED where a spreadsheet has lost the last digits.
With --jsonl a line in may also have "country", that of its row: a region or a
calling code.

Files may be of any length; a line or row has at most 1 MB (1,048,576 bytes).
Text is UTF-8.`,
	options: []string{"region", "lenient", "file", "jsonl", "csv", "column", "region-column", "delimiter", "prefix", "engine", "jobs"},
	exits: [3]string{
		"every text is a valid phone number",
		"at least one is not, or is in a bad line",
		couldNotCheck,
	},
	samples: []string{
		`verifier number --region GB "020 7946 0018" "+1 201 555 0123"`,
		`verifier number --region DE < numbers.txt`,
		`verifier number --region GB --lenient "Home: 020 7946 0018 / 0019"`,
		`verifier number --jsonl --file numbers.jsonl > checked.jsonl`,
		`verifier number --csv --column phone --region-column country \
    --file customers.csv > checked.csv`,
	},
	run: func(s *session) (int, error) {
		if s.lenient {
			return runLenient(s)
		}
		return s.table(table{
			columns: numberColumns,
			task:    func() task { return new(numberTask) },
			plain:   func(visible bool) *plain { return &plain{visible: visible} },
			header:  numberHeader,
			growth:  1,
		})
	},
}

// numberTask reads rows as phone numbers.
type numberTask struct {
	e      engine.Engine
	parsed parsed // of the row that is written
}

func (t *numberTask) compute(w *worker, rows []row) error {
	t.e = w.e
	return w.parse(rows, batch.Info)
}

func (t *numberTask) write(dst []byte, f format, i int, r *row) ([]byte, bool) {
	t.parsed.read(engine.Record(t.e, i))
	return f.number(dst, r, &t.parsed), t.parsed.valid || r.blank
}

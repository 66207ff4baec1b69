package main

import (
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/directory"
	"sealbook/wasm/field"
	"sealbook/wasm/number"
	"sealbook/wasm/trust"
	"sealbook/wasm/upload"
)

// options are what the command line says, for whichever command.
type options struct {
	args []string // without the options

	region, engine         string
	habit                  field.Habit // of the contacts, as far as it was guessed
	file, contacts, hashes string
	recipes                []string
	column, regionColumn   string
	email                  string // the column with the addresses
	preset                 *upload.Preset
	only                   bool
	delimiter              byte // 0: find out
	prefix                 string
	drop                   sift.Reasons
	jsonl, csv, json, help bool
	lenient                bool
	jobs                   int
	seed                   uint64

	directory, key, account, state, transcript string
	scopes                                     []directory.Scope
	handle                                     string
	flags                                      uint32
	refuse                                     bool
	items                                      int

	policy, known, release, log, address, tarball string
	mirror, evidence, signer, name, folder, save  string
	bare, rebuild, insecureKey                    bool
	pause                                         time.Duration

	html, sarif, keylog              string
	app, device, consent             string
	salts                            []string
	maxBody, maxUnpacked             int64
	maxDepth, maxLayers, maxFindings int
}

// option is one that commands can have.
type option struct {
	name  string // without the dashes
	value string // what stands for its value in the help; empty for a switch
	help  string
	words func() []string // values that completion offers; nil for files
	set   func(o *options, value string) error
}

func words(of ...string) func() []string { return func() []string { return of } }

// optionTable has all options; a command lists those that it takes by name.
var optionTable = []option{
	{"region", "XX", "the country in which a number without + was written down: two letters, such as GB", number.Regions,
		func(o *options, v string) (err error) { o.region, err = region(v); return }},
	{"drop", "REASON,…", "what is not kept of the numbers, separated by commas; \"nothing\" keeps whatever is a number", dropWords,
		func(o *options, v string) (err error) { o.drop, err = dropped(v); return }},
	{"recipe", "RECIPE", "a recipe's id, \"all\", one of the grid such as e164_plus/sha256/hex, or an own one; may be given several times", recipeWords,
		func(o *options, v string) error { o.recipes = append(o.recipes, v); return nil }},
	{"file", "FILE", "read from FILE; \"-\" is standard input, as is leaving out both TEXT and --file", nil,
		func(o *options, v string) error { o.file = v; return nil }},
	{"contacts", "FILE", "the contacts: vCard, CSV or a plain list, of any program", nil,
		func(o *options, v string) error { o.contacts = v; return nil }},
	{"hashes", "FILE", "read digests from FILE, one a line; \"-\" is standard input", nil,
		func(o *options, v string) error { o.hashes = v; return nil }},
	{"lenient", "", "find the numbers in whatever people put into a field, and say what was mended", nil,
		func(o *options, _ string) error { o.lenient = true; return nil }},
	{"jsonl", "", "lines of JSON in and out", nil,
		func(o *options, _ string) error { o.jsonl = true; return nil }},
	{"csv", "", "CSV in and out: the columns of the results are added, all else stays byte for byte", nil,
		func(o *options, _ string) error { o.csv = true; return nil }},
	{"column", "NAME", "the column of the CSV that has the numbers", nil,
		func(o *options, v string) error { o.column = v; return nil }},
	{"region-column", "NAME", "the column of the CSV that has the region of each row", nil,
		func(o *options, v string) error { o.regionColumn = v; return nil }},
	{"email", "NAME", "the column of the CSV that has the e-mail addresses", nil,
		func(o *options, v string) error { o.email = v; return nil }},
	{"preset", "PLATFORM", "recipes and names of columns as an ad platform has them for customer lists: " + strings.Join(presetWords(), ", "), presetWords,
		func(o *options, v string) error {
			p, ok := upload.Lookup(v)
			if !ok {
				return fail("--preset: there is no such platform", "one of "+strings.Join(presetWords(), ", "))
			}
			o.preset = p
			return nil
		}},
	{"only", "", "leave all other columns out: the columns of --preset and nothing else, separated by commas", nil,
		func(o *options, _ string) error { o.only = true; return nil }},
	{"delimiter", "CHAR", "what separates the columns: , ; | or tab; found out by itself where left out", words("tab"),
		func(o *options, v string) (err error) { o.delimiter, err = delimiter(v); return }},
	{"prefix", "TEXT", "put TEXT before the names of the added columns", nil,
		func(o *options, v string) error { o.prefix = v; return nil }},
	{"json", "", "write JSON", nil,
		func(o *options, _ string) error { o.json = true; return nil }},
	{"engine", "ENGINE", "what computes: \"native\" code (standard), or \"wasm\", the published core.wasm inside this program", words("native", "wasm"),
		func(o *options, v string) error {
			if v != "native" && v != "wasm" {
				return fail("--engine is neither native nor wasm", "")
			}
			o.engine = v
			return nil
		}},
	{"jobs", "N", "how many cores to use, 1 to 256; all of them where left out", nil,
		func(o *options, v string) (err error) {
			if o.jobs, err = strconv.Atoi(v); err != nil || o.jobs < 1 || o.jobs > 256 {
				return fail("--jobs is not a number from 1 to 256", "")
			}
			return nil
		}},
	{"seed", "N", "the seed of the random texts and calls; 1 where left out", nil,
		func(o *options, v string) (err error) {
			if o.seed, err = strconv.ParseUint(v, 10, 64); err != nil {
				return fail("--seed is not a whole number", "")
			}
			return nil
		}},
	{"items", "N", "how many random texts to try, up to 100,000,000; 100,000 where left out", nil,
		func(o *options, v string) (err error) {
			if o.items, err = strconv.Atoi(v); err != nil || o.items < 0 || o.items > 1e8 {
				return fail("--items is not a number from 0 to 100000000", "")
			}
			return nil
		}},
	{"directory", "URL", "the directory's address; https, or http on this machine", nil,
		func(o *options, v string) error { o.directory = v; return nil }},
	{"key", "KEY", "the directory's key, name+hash+base64, as its operator publishes it", nil,
		func(o *options, v string) error { o.key = v; return nil }},
	{"account", "FILE", "your account with a directory; made by register", nil,
		func(o *options, v string) error { o.account = v; return nil }},
	{"scope", "SCOPE", "what you allow, \"search\" or \"discoverable\"; may be given twice", words("search", "discoverable"),
		func(o *options, v string) error {
			scope, err := scopeOf(v)
			if err == nil && !slices.Contains(o.scopes, scope) {
				o.scopes = append(o.scopes, scope)
			}
			return err
		}},
	{"handle", "TEXT", "what those see who have your number: a text of at most 32 bytes, or 64 hexadecimal digits; for discover a contact's name or number", nil,
		func(o *options, v string) error { o.handle = v; return nil }},
	{"refuse", "", "refuse, once, that somebody with a code for your number gets the account", nil,
		func(o *options, _ string) error { o.refuse = true; return nil }},
	{"flags", "N", "a number from 0 to 4294967295 beside the handle, of your application's meaning; 0 where left out", nil,
		func(o *options, v string) error {
			n, err := strconv.ParseUint(v, 10, 32)
			if err != nil {
				return fail("--flags is not a number from 0 to 4294967295", "")
			}
			o.flags = uint32(n)
			return nil
		}},
	{"state", "FILE", "what was paid for and read before; made where there is none, as private as your contacts", nil,
		func(o *options, v string) error { o.state = v; return nil }},
	{"transcript", "FILE", "write down all that is sent, with what it is made of, behind what is there; as private as your contacts", nil,
		func(o *options, v string) error { o.transcript = v; return nil }},
	{"html", "FILE", "write a report for a complaint to FILE, a page that stands for itself", nil,
		func(o *options, v string) error { o.html = v; return nil }},
	{"sarif", "FILE", "write SARIF for continuous integration to FILE", nil,
		func(o *options, v string) error { o.sarif = v; return nil }},
	{"keylog", "FILE", "TLS secrets as browsers and proxies write them to SSLKEYLOGFILE", nil,
		func(o *options, v string) error { o.keylog = v; return nil }},
	{"salt", "TEXT", "a salt or HMAC key to try on digests, as it is or in hexadecimal or Base64; may be given several times", nil,
		func(o *options, v string) error { o.salts = append(o.salts, v); return nil }},
	{"pepper", "TEXT", "the same as --salt", nil,
		func(o *options, v string) error { o.salts = append(o.salts, v); return nil }},
	{"app", "TEXT", "which app it was, with version and store, for the report", nil,
		func(o *options, v string) error { o.app = v; return nil }},
	{"device", "TEXT", "device, system and build, for the report", nil,
		func(o *options, v string) error { o.device = v; return nil }},
	{"consent", "TEXT", "what had been agreed to, such as \"no interaction\", for the report", nil,
		func(o *options, v string) error { o.consent = v; return nil }},
	{"max-body", "SIZE", "the most of one body that is read; 32MB where left out", nil,
		func(o *options, v string) (err error) { o.maxBody, err = size("max-body", v); return }},
	{"max-unpacked", "SIZE", "the most that one capture may unpack to; 1GB and 64 for each byte of it where left out", nil,
		func(o *options, v string) (err error) { o.maxUnpacked, err = size("max-unpacked", v); return }},
	{"max-depth", "N", "how deep JSON and containers may be nested; 1,000 where left out", nil,
		func(o *options, v string) (err error) { o.maxDepth, err = count("max-depth", v, 10_000); return }},
	{"max-layers", "N", "how many encodings around each other are undone; 10 where left out", nil,
		func(o *options, v string) (err error) { o.maxLayers, err = count("max-layers", v, 100); return }},
	{"max-findings", "N", "the most findings in one body; 10,000 where left out", nil,
		func(o *options, v string) (err error) {
			o.maxFindings, err = count("max-findings", v, 10_000_000)
			return
		}},
	{"policy", "FILE", "whose keys count, in the syntax of C2SP tlog-policy; the policy inside this program where left out", nil,
		func(o *options, v string) error { o.policy = v; return nil }},
	{"known", "FILE", "where checkpoints that were seen are kept; known.json in the folder for settings where left out, \"none\" for nowhere", words("none"),
		func(o *options, v string) error { o.known = v; return nil }},
	{"release", "VERSION", "the release that is meant, such as 1.4.0; the newest where left out", nil,
		func(o *options, v string) error {
			if !trust.ValidVersion(v) {
				return fail("--release is not a version such as 1.4.0", "")
			}
			o.release = v
			return nil
		}},
	{"log", "SOURCE", "URL, folder or zip that has the log, where the site itself is not to be asked", nil,
		func(o *options, v string) error { o.log = v; return nil }},
	{"bare", "", "the host is known to send none of our header fields: what is missing is a note, what is added a finding", nil,
		func(o *options, _ string) error { o.bare = true; return nil }},
	{"pause", "TIME", "ask everything once more after that time, such as 90s", nil,
		func(o *options, v string) (err error) {
			if o.pause, err = time.ParseDuration(v); err != nil || o.pause < 0 || o.pause > 24*time.Hour {
				return fail("--pause is not a time such as 90s", "at most 24h")
			}
			return nil
		}},
	{"address", "ADDRESS", "where to listen, on this machine; a free port where left out", nil,
		func(o *options, v string) error { o.address = v; return nil }},
	{"tarball", "FILE", "the npm package as a registry has it: a file, or an https address", nil,
		func(o *options, v string) error { o.tarball = v; return nil }},
	{"rebuild", "", "build the release again from this folder, which is its source, by ./build.sh reproduce", nil,
		func(o *options, _ string) error { o.rebuild = true; return nil }},
	{"mirror", "FOLDER", "keep the log in FOLDER; made where there is none, and it only grows", nil,
		func(o *options, v string) error { o.mirror = v; return nil }},
	{"save", "FILE", "write all that was read to FILE, a zip that is checked again offline", nil,
		func(o *options, v string) error { o.save = v; return nil }},
	{"evidence", "FILE", "where two checkpoints that contradict each other are saved; evidence-NAME.txt here where left out", nil,
		func(o *options, v string) error { o.evidence = v; return nil }},
	{"name", "NAME", "the witness's name, such as witness.example/w1", nil,
		func(o *options, v string) error { o.name = v; return nil }},
	{"signer", "FILE", "the witness's key, of ssh-keygen -t ed25519: FILE.pub names one of the ssh-agent, FILE is a private key with a passphrase", nil,
		func(o *options, v string) error { o.signer = v; return nil }},
	{"folder", "FOLDER", "where the witness keeps what it cosigned; it must be there, and begins anew where it is empty", nil,
		func(o *options, v string) error { o.folder = v; return nil }},
	{"insecure-key", "", "take a key without passphrase, for a throw-away one", nil,
		func(o *options, _ string) error { o.insecureKey = true; return nil }},
	{"help", "", "show this help", nil,
		func(o *options, _ string) error { o.help = true; return nil }},
}

func presetWords() []string {
	var ids []string
	for _, p := range upload.Presets() {
		ids = append(ids, p.ID)
	}
	return ids
}

func findOption(name string) *option {
	i := slices.IndexFunc(optionTable, func(o option) bool { return o.name == name })
	if i < 0 {
		return nil
	}
	return &optionTable[i]
}

// parse reads the arguments of a command. Options may stand between other
// arguments; behind "--" there are no more.
func (c *command) parse(args []string) (*options, error) {
	o := &options{engine: "native", jobs: runtime.GOMAXPROCS(0), seed: 1, items: 100_000}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			o.args = append(o.args, args...)
			break
		}
		if arg == "-h" {
			arg = "--help"
		}
		if len(arg) < 2 || arg[0] != '-' {
			o.args = append(o.args, arg)
			continue
		}
		name, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		opt := findOption(name)
		if opt == nil || name != "help" && !slices.Contains(c.options, name) {
			if opt == nil && !isOptionName(name) {
				// It may be a number or a digest: nothing to repeat on a screen.
				return nil, fail("an argument begins with - and is not an option", "put -- before texts that begin with -")
			}
			return nil, fail("\""+c.name+"\" has no option --"+name, "verifier "+c.name+" --help lists them")
		}
		switch {
		case opt.value == "" && given:
			return nil, fail("--"+name+" takes no value", "")
		case opt.value != "" && !given && len(args) == 0:
			return nil, fail("--"+name+" needs a value", "as in --"+name+" "+opt.value)
		case opt.value != "" && !given:
			value, args = args[0], args[1:]
		}
		if err := opt.set(o, value); err != nil {
			return nil, err
		}
	}
	if o.region == autoRegion && !c.auto {
		return nil, fail("--region auto is for commands that read contacts", "name the region, as in --region GB")
	}
	return o, nil
}

// isOptionName tells whether s looks like a misspelt option and nothing else.
func isOptionName(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && c != '-' {
			return false
		}
	}
	return len(s) > 1 && len(s) <= 20
}

// region checks the value of --region.
func region(v string) (string, error) {
	up := strings.ToUpper(v)
	if slices.Contains(number.Regions(), up) {
		return up, nil
	}
	if v == autoRegion {
		return v, nil
	}
	hint := "two letters as in ISO 3166, such as GB, US or DE"
	if up == "UK" {
		hint = "the United Kingdom is GB"
	}
	return "", fail("--region is not a region with phone numbers", hint)
}

// delimiter checks the value of --delimiter.
func delimiter(v string) (byte, error) {
	switch v {
	case ",", ";", "|", "\t":
		return v[0], nil
	case "tab", `\t`:
		return '\t', nil
	}
	return 0, fail("--delimiter is none of , ; | and tab", "")
}

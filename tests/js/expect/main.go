// Expect writes what native code answers to seeded texts, as JSON, for the
// JavaScript engines to be held against. Usage: go run ./tests/js/expect [N]
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"sealbook/verifier/parity"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// Item is a text and everything that is to come out of it. A text that is no
// number has nothing but its error.
type Item struct {
	Text        string   `json:"text"`
	Region      string   `json:"region"`
	Error       *string  `json:"error"`
	E164        string   `json:"e164,omitempty"`
	CallingCode int      `json:"callingCode,omitempty"`
	Extension   string   `json:"extension,omitempty"`
	RegionOf    *string  `json:"regionOf,omitempty"`
	Type        string   `json:"type,omitempty"`
	Valid       bool     `json:"valid,omitempty"`
	Possibility string   `json:"possibility,omitempty"`
	Formats     []string `json:"formats,omitempty"` // in the order of Formats
	Digests     []string `json:"digests,omitempty"` // in the order of Recipes
	Spaced      string   `json:"spaced,omitempty"`  // digest of the international format
}

// Search is a digest and which number of the region's mobile ones has it.
type Search struct {
	Recipe string `json:"recipe"`
	Region string `json:"region"`
	Digest string `json:"digest"`
	Size   uint64 `json:"size,string"`
	At     uint64 `json:"at,string"`
	Found  string `json:"found"`
}

type answers struct {
	Formats  []string       `json:"formats"`
	Recipes  []string       `json:"recipes"`
	Regions  map[string]int `json:"regions"`
	Metadata string         `json:"metadata"`
	Items    []Item         `json:"items"`
	Searches []Search       `json:"searches"`
}

func main() {
	n := 3000
	if len(os.Args) > 1 {
		var err error
		if n, err = strconv.Atoi(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, "usage: expect [N]")
			os.Exit(2)
		}
	}
	a := answers{
		Formats:  []string{"E164", "INTERNATIONAL", "NATIONAL", "RFC3966", "DIGITS", "DIALLED", "NATIONAL_DIGITS", "SIGNIFICANT"},
		Recipes:  []string{"google-enhanced-conversions", "signal-legacy", "threema-phone", "digits_cc/md5/hex", "intl_00/sha512/base64url", `form=national_nsn alg=sha1 enc=hex-upper trunc=7 template="{salt}-{n}" salt="fenugreek"`},
		Regions:  map[string]int{},
		Metadata: number.MetadataVersion,
	}
	for _, r := range number.Regions() {
		a.Regions[r] = number.CallingCode(r)
	}
	b := new(batch.Batch)
	in := parity.NewInputs(20260)
	for range n {
		region := in.Region()
		if region == "A" || region == "99" || region == "GBR" {
			region = "" // the package refuses these
		}
		text := strings.ToValidUTF8(string(in.Append(nil, region)), "\uFFFD")
		if in.IntN(100) == 0 {
			text += "\n" + text // lines end items; a text may hold one all the same
		}
		a.Items = append(a.Items, answer(b, &a, text, region))
	}
	for i, region := range []string{"GB", "US", "DE", "SM", "TV", "FR"} {
		a.Searches = append(a.Searches, search(region, a.Recipes[i%len(a.Recipes)], uint64(i)*977))
	}
	if err := json.NewEncoder(os.Stdout).Encode(a); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func answer(b *batch.Batch, a *answers, text, region string) Item {
	item := Item{Text: text, Region: region}
	parse := func(mode batch.Mode) string {
		if _, failure := b.Parse(copy(b.Input[:], text), batch.RegionCode(region), mode|batch.Single); failure != 0 {
			panic(failure)
		}
		return strings.TrimSuffix(string(b.Out[:b.Status.Written]), "\n")
	}
	parse(batch.Info)
	r := b.Records[0]
	if code := number.Code(r[0]); code != number.OK {
		item.Error = new(code.String())
		return item
	}
	item.E164 = string(r[8 : 8+r[7]])
	item.CallingCode = int(r[30]) | int(r[31])<<8
	item.Valid = r[1]&1 != 0
	if r[1]&4 != 0 {
		item.RegionOf = new(strings.TrimRight(string(r[4:7]), "\x00"))
	}
	item.Type = number.Type(r[2]).String()
	item.Possibility = number.Possibility(r[3]).String()
	n, _ := number.Parse(text, region)
	item.Extension = n.Extension()
	for f := range a.Formats {
		item.Formats = append(item.Formats, n.Format(number.Format(f)))
	}
	spaced, err := recipe.Parse("spaced_intl/sha512/hex")
	if err != nil {
		panic(err)
	}
	item.Spaced = string(spaced.Append(nil, n))
	for _, spec := range a.Recipes {
		r, err := recipe.Parse(spec)
		if err != nil {
			panic(err)
		}
		item.Digests = append(item.Digests, string(r.Append(nil, n)))
	}
	return item
}

func search(region, spec string, at uint64) Search {
	r, err := recipe.Parse(spec)
	if err != nil {
		panic(err)
	}
	space, ok := number.Mobiles(region)
	if !ok {
		panic("no mobile numbers: " + region)
	}
	at %= space.Len()
	n := space.At(at)
	return Search{spec, region, string(r.Append(nil, n)), space.Len(), at, n.String()}
}

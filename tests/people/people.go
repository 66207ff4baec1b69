// Package people writes contacts exports of any size for tests: the same
// people each time for the same seed, none of them real, with numbers from
// ranges that regulators keep for fiction.
//
// Ofcom: 020 7946 0000–0999 and its like in other cities, 07700 900000–900999.
// NANPA: 555-0100 to 555-0199 in every area code. Bundesnetzagentur: 030
// 23125 000–999, 0152 28817386 and a few more. Arcep: 01 99 00, 06 39 98.
package people

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
)

// Options say what to write.
type Options struct {
	People int    // how many; at least 1
	Format string // one of Formats
	Region string // one of Regions
	Seed   uint64
	Photos int // every so many people have a photo of about 20 KB; 0 for none; vCards only
}

// Formats and Regions are what Options accept.
var (
	Formats = []string{"vcf3", "vcf21", "vcf4", "google", "outlook", "list"}
	Regions = []string{"GB", "US", "DE", "FR"}
)

// A Person is what one row or card says.
type Person struct {
	Given, Family, Company string
	Mobile, Home, Work     string // as people of the region write them; "" for none
	Email                  string
}

var (
	given = strings.Fields("Ada Ben Chloë Dara Elif Femi Grace Hannah Idris Jörg Katarzyna Lev Mei Noor Ölvir Priya Quinn René Søren Tomás Uma Věra Wren Xi Yusuf Zoë " +
		"明 太郎 Анна 민준 José Aoife Łucja Ines Bo Nils")
	family = strings.Fields("Ashdown Brook Carver Dunne Ekström Farrow Garçon Hollow Ito Jansen Krug Lindqvist Müller Noir Oakes Peña Quill Ross Süß Tran " +
		"Underhill Vidal Weiß Xu Young Žák 王 山田 Иванова 김 O’Brien van-Dijk Smith Jones")
	companies = []string{"Corner Café", "Harbour Office", "Pier 12 Repairs", "Ashdown & Finch, Solicitors", "Müller GmbH; Söhne", "City \"Fast\" Taxi"}
)

// Make gives the people that Write writes.
func Make(o Options) ([]Person, error) {
	r := rand.New(rand.NewPCG(o.Seed, uint64(o.People)))
	switch o.Region {
	case "GB", "US", "DE", "FR":
	default:
		return nil, fmt.Errorf("people: no numbers for region %q; have %s", o.Region, strings.Join(Regions, " "))
	}
	all := make([]Person, o.People)
	for i := range all {
		p := &all[i]
		p.Given, p.Family = given[r.IntN(len(given))], family[r.IntN(len(family))]
		if r.IntN(12) == 0 {
			*p = Person{Company: companies[r.IntN(len(companies))]}
		}
		if r.IntN(20) > 0 && p.Company == "" {
			p.Mobile = mobile(r, o.Region)
		}
		if r.IntN(4) == 0 {
			p.Home = landline(r, o.Region)
		}
		if r.IntN(3) == 0 || p.Company != "" {
			p.Work = landline(r, o.Region)
		}
		if r.IntN(2) == 0 {
			p.Email = fmt.Sprintf("person%d@example.com", i)
		}
	}
	return all, nil
}

// spelled puts one of the ways in which people write a prefix before the rest.
func spelled(r *rand.Rand, code, trunk, rest string) string {
	switch r.IntN(5) {
	case 0:
		return "+" + code + " " + rest
	case 1:
		return "+" + code + strings.ReplaceAll(rest, " ", "")
	case 2:
		return "00" + code + " " + rest
	case 3:
		return trunk + strings.ReplaceAll(rest, " ", "")
	}
	return trunk + rest
}

func mobile(r *rand.Rand, region string) string {
	switch region {
	case "GB":
		return spelled(r, "44", "0", fmt.Sprintf("7700 900%03d", r.IntN(1000)))
	case "US":
		return landline(r, region)
	case "DE":
		return spelled(r, "49", "0", []string{"152 28817386", "152 28895456", "152 54599371", "172 9925904", "176 04069000"}[r.IntN(5)])
	}
	return spelled(r, "33", "0", fmt.Sprintf("6 39 98 %02d %02d", r.IntN(100), r.IntN(100)))
}

func landline(r *rand.Rand, region string) string {
	switch region {
	case "GB":
		return spelled(r, "44", "0", fmt.Sprintf("%s 496 0%03d", []string{"113", "114", "115", "116", "117", "118", "121", "131", "141", "151", "161"}[r.IntN(11)], r.IntN(1000)))
	case "US":
		area := []int{212, 213, 206, 303, 305, 312, 404, 415, 503, 512, 602, 617, 702, 713, 801, 808, 907}[r.IntN(17)]
		n := 100 + r.IntN(100)
		switch r.IntN(4) {
		case 0:
			return fmt.Sprintf("+1 %d-555-0%d", area, n)
		case 1:
			return fmt.Sprintf("(%d) 555-0%d", area, n)
		case 2:
			return fmt.Sprintf("1%d5550%d", area, n)
		}
		return fmt.Sprintf("%d.555.0%d", area, n)
	case "DE":
		return spelled(r, "49", "0", fmt.Sprintf("30 23125%03d", r.IntN(1000)))
	}
	return spelled(r, "33", "0", fmt.Sprintf("1 99 00 %02d %02d", r.IntN(100), r.IntN(100)))
}

// Write writes an export.
func Write(w io.Writer, o Options) error {
	all, err := Make(o)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	photo := ""
	if o.Photos > 0 {
		raw := make([]byte, 15<<10)
		r := rand.New(rand.NewPCG(o.Seed, 1))
		for i := range raw {
			raw[i] = byte(r.Uint32())
		}
		photo = base64.StdEncoding.EncodeToString(raw)
	}
	out, ok := writers[o.Format]
	if !ok {
		return fmt.Errorf("people: no format %q; have %s", o.Format, strings.Join(Formats, " "))
	}
	out(b, nil, "")
	for i := range all {
		ph := ""
		if o.Photos > 0 && i%o.Photos == 0 {
			ph = photo
		}
		out(b, &all[i], ph)
	}
	return b.Flush()
}

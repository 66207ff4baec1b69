package contacts

// A country is two capital letters or the digits of a calling code, zeros behind.
type country [3]byte

// of returns it as a slice of buf.
func (c country) of(buf *[3]byte) []byte {
	*buf = c
	n := 0
	for n < len(buf) && buf[n] != 0 {
		n++
	}
	return buf[:n]
}

// setCountry takes what stands in a column of countries, for the numbers that
// follow.
func (r *Reader) setCountry(text []byte) { r.country = countryOf(r, text) }

// countryOf reads "44", "+44", "0044", "GB" and the names in countryNames.
//
//go:noinline
func countryOf(r *Reader, text []byte) (c country) {
	text = trim(text)
	if n := digits(text); n > 0 {
		i := 0
		for _, d := range text {
			if d < '0' || d > '9' {
				continue
			}
			if d == '0' && i == 0 {
				continue // the 00 before it
			}
			if i == len(c) {
				return country{}
			}
			c[i] = d
			i++
		}
		if c[0] == '1' { // +1-684 has its area code there
			return country{'1'}
		}
		return c
	}
	s := normalise(&r.normal, text)
	if len(s) == 4 {
		a, b := s[1], s[2]
		if 'a' <= a && a <= 'z' && 'a' <= b && b <= 'z' {
			if a == 'u' && b == 'k' {
				a, b = 'g', 'b'
			}
			return country{a - 32, b - 32}
		}
	}
	return countryNamed(s)
}

// countryNamed knows some names, as "GB united kingdom|great britain|…".
func countryNamed(s []byte) country {
	if len(s) < 3 {
		return country{}
	}
	words := countryNames
	for len(words) > 3 {
		n := 0
		for n < len(words) && words[n] != '\n' {
			n++
		}
		if is(s, words[3:n]) {
			return country{words[0], words[1]}
		}
		words = words[min(n+1, len(words)):]
	}
	return country{}
}

// countryNames are the names by which columns call a country, in English and in
// its own languages (CLDR 48), normalised.
const countryNames = "" +
	"GB gbr|united kingdom|great britain|england|scotland|wales|northern ireland\n" +
	"US usa|united states|united states of america|estados unidos|u s a|u s\n" +
	"DE deu|germany|deutschland|ger\n" +
	"AT aut|austria|osterreich\n" +
	"CH che|switzerland|schweiz|suisse|svizzera\n" +
	"FR fra|france\n" +
	"IT ita|italy|italia\n" +
	"ES esp|spain|espana\n" +
	"PT prt|portugal\n" +
	"NL nld|netherlands|the netherlands|nederland|holland\n" +
	"BE bel|belgium|belgie|belgique|belgien\n" +
	"LU lux|luxembourg|luxemburg\n" +
	"IE irl|ireland|eire\n" +
	"DK dnk|denmark|danmark\n" +
	"SE swe|sweden|sverige\n" +
	"NO nor|norway|norge\n" +
	"FI fin|finland|suomi\n" +
	"IS isl|iceland|island\n" +
	"PL pol|poland|polska\n" +
	"CZ cze|czech republic|czechia|cesko|ceska republika\n" +
	"SK svk|slovakia|slovensko\n" +
	"HU hun|hungary|magyarorszag\n" +
	"RO rou|romania\n" +
	"BG bgr|bulgaria|българия\n" +
	"GR grc|greece|ελλαδα|ελλαs|ελλας\n" +
	"TR tur|turkey|turkiye\n" +
	"HR hrv|croatia|hrvatska\n" +
	"SI svn|slovenia|slovenija\n" +
	"RS srb|serbia|srbija|србија\n" +
	"BA bih|bosnia and herzegovina|bosna i hercegovina\n" +
	"LT ltu|lithuania|lietuva\n" +
	"LV lva|latvia|latvija\n" +
	"EE est|estonia|eesti\n" +
	"RU rus|russia|russian federation|россия\n" +
	"UA ukr|ukraine|украіна|україна\n" +
	"BY blr|belarus|беларусь\n" +
	"KZ kaz|kazakhstan|казахстан|қазақстан\n" +
	"CA can|canada\n" +
	"MX mex|mexico\n" +
	"BR bra|brazil|brasil\n" +
	"AR arg|argentina\n" +
	"CL chl|chile\n" +
	"CO col|colombia\n" +
	"PE per|peru\n" +
	"VE ven|venezuela\n" +
	"EC ecu|ecuador\n" +
	"CU cub|cuba\n" +
	"AU aus|australia\n" +
	"NZ nzl|new zealand\n" +
	"IN ind|india|भारत\n" +
	"PK pak|pakistan\n" +
	"BD bgd|bangladesh\n" +
	"LK lka|sri lanka\n" +
	"NP npl|nepal\n" +
	"CN chn|china|中国|中國\n" +
	"HK hkg|hong kong|香港\n" +
	"TW twn|taiwan|台灣|台湾\n" +
	"JP jpn|japan|日本\n" +
	"KR kor|south korea|korea|대한민국|한국\n" +
	"VN vnm|vietnam|viet nam\n" +
	"TH tha|thailand|ไทย|ประเทศไทย\n" +
	"ID idn|indonesia\n" +
	"MY mys|malaysia\n" +
	"SG sgp|singapore\n" +
	"PH phl|philippines|pilipinas\n" +
	"AE are|united arab emirates|uae|u a e|الامارات\n" +
	"SA sau|saudi arabia|السعودية|المملكة العربية السعودية\n" +
	"EG egy|egypt|مصر\n" +
	"MA mar|morocco|maroc|المغرب\n" +
	"DZ dza|algeria|algerie|الجزائر\n" +
	"TN tun|tunisia|tunisie|تونس\n" +
	"IL isr|israel|ישראל\n" +
	"IR irn|iran|ایران\n" +
	"IQ irq|iraq|العراق\n" +
	"JO jor|jordan|الاردن\n" +
	"LB lbn|lebanon|liban|لبنان\n" +
	"ZA zaf|south africa\n" +
	"NG nga|nigeria\n" +
	"KE ken|kenya\n" +
	"GH gha|ghana\n" +
	"ET eth|ethiopia\n" +
	"TZ tza|tanzania\n" +
	"UG uga|uganda\n" +
	"CI civ|ivory coast|cote d ivoire\n" +
	"SN sen|senegal\n" +
	"CM cmr|cameroon|cameroun\n"

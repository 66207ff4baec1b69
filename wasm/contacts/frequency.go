package contacts

import "unicode/utf8"

// A tongue is what a language's letters beyond ASCII are, the frequent ones first,
// and in which encodings it is written.
type tongue struct {
	charsets string // Charset values
	letters  string
}

// The charsets of groups of languages, the likelier ones first.
const (
	western  = string(rune(Windows1252)) + string(rune(Macintosh)) + string(rune(IBM850)) + string(rune(IBM437))
	central  = string(rune(Windows1250)) + string(rune(ISO8859x2)) + string(rune(IBM852))
	cyrillic = string(rune(Windows1251)) + string(rune(KOI8U)) + string(rune(IBM866)) + string(rune(ISO8859x5)) + string(rune(MacCyrillic))
)

// rarity is what speaks against an encoding before anything is read.
func rarity(c Charset) int {
	switch c {
	case Windows1252, Windows1251:
		return 0
	case Windows1250, Windows1253, Windows1255, Windows1256:
		return 10
	case Windows1254, Windows874, KOI8R, KOI8U, Macintosh:
		return 20
	case Windows1257:
		return 40
	case IBM850, IBM852, IBM866, IBM437:
		return 45
	case Windows1258:
		return 90
	}
	return 70
}

// tongues are those that the letters of a file are held against. The orders are
// those of names and short texts, from memory of the languages' own tables; what
// matters is which letters are there and which are rare.
var tongues = [...]tongue{
	{western, "üöäß"},
	{western, "éèêçàëïâôîûùœ"},
	{western, "óíáéñúü"},
	{western, "ãáçéíóâêôõúà"},
	{western, "èéàòùì"},
	{western, "åäöéü"},
	{western, "øåæéöä"},
	{western, "ëéïèöüáç"},
	{western, "íóáúéðöæþý"},
	{western, "óàíèéçúòïü"},
	{central, "łóśąężćńź"},
	{central, "áíéříčšůžýěúňťóď"},
	{central, "áíéčšžýúňťóďľôäĺŕ"},
	{central, "áéóöíőüúű"},
	{central, "şţăâî"},
	{central, "ćčšžđ"},
	{cyrillic, "оаеинрвлтскмйдяугьбзчпшхыющцжфэёъ"},
	{cyrillic, "оаиенрвкітслмюйяугьдбзчпхшжцщєфїґ"},
	{string(rune(Windows1251)) + string(rune(ISO8859x5)), "аоиервнјтскмлдућгшбчжзпђцљњхфџ"},
	{string(rune(Windows1253)) + string(rune(ISO8859x7)), "αοιςσνρετλκηάπίμγυδέόωθχβήφύζώξψϊϋΐΰ"},
	{string(rune(Windows1254)), "ışiüğçöâ"},
	{string(rune(Windows1255)), "יולאהמרנבתשדעחקגםפזסכןטצךץףַָּ"},
	{string(rune(Windows1256)) + string(rune(ISO8859x6)), "اليمنردوبحتعسىهفةخكشقصجطزأضغءذئظإؤثآپچگژَُِّ،"},
	{string(rune(Windows1257)) + string(rune(ISO8859x13)) + string(rune(ISO8859x4)), "āīšēžņūļķčģ"},
	{string(rune(Windows1257)) + string(rune(ISO8859x13)) + string(rune(ISO8859x4)), "ėšūžčąįęų"},
	{string(rune(Windows1257)) + string(rune(ISO8859x15)), "õäöüšž"},
	{string(rune(Windows1258)), "đâêôăơưáàéóíúùòìèý\u0301\u0300\u0309\u0303\u0323"},
	{string(rune(Windows874)), "านรกมอวสเงทยลชพดคบตปจหศแขโณุิัีูะ์่้ธภไำ็ใซฉผฟึญฐ"},
}

// What a letter may add to a reading, or take from it.
const (
	likely   = 60  // the most frequent letter of a language
	unlikely = 20  // the rarest
	stranger = -40 // a letter that the language does not have
	sign     = -80 // no letter, between letters
	lowFirst = -40 // a word that begins with a small letter beyond ASCII
	badCase  = -50 // a capital behind a small letter
	capitals = -4  // a capital behind a capital
	lone     = -50 // of another alphabet among letters of ASCII
	crowd    = -30 // a third letter with an accent in a row
	toneless = -80 // a Greek word without an accent
)

// guessBytes chooses the encoding of a text that is not UTF-8 and says nothing of
// what it is: by how its letters fit each language, or by pairs of bytes.
func guessBytes(s []byte) Charset {
	if len(s) > headSize {
		s = s[:headSize]
	}
	best, most := unknownCharset, -1<<30
	for i := range tongues {
		t := &tongues[i]
		for at, c := range t.charsets {
			if score := t.score(s, Charset(c)) - rarity(Charset(c)) - at; score > most {
				best, most = Charset(c), score
			}
		}
	}
	for c := GBK; c <= EUCJP; c++ {
		if score := pairScore(s, c); score > most {
			best, most = c, score
		}
	}
	return best
}

// score says how well a text fits the language in an encoding.
func (t *tongue) score(s []byte, charset Charset) int {
	order := []rune(t.letters)
	latin := order[0] < 0x250
	greek := order[0] == 'α'
	total := 0
	if order[0] == 'í' {
		total = -30 // fewer people write Icelandic than Turkish, which has other letters there
	}
	var before rune // the character before; a space at the beginning
	before = ' '
	cases := 0                     // 1 for capitals, 2 for small letters
	accents := 0                   // letters with accents in a row
	vowels, tones, lows := 0, 0, 0 // of a Greek word
	for i := 0; i <= len(s); i++ {
		u := rune(' ')
		if i < len(s) {
			u = rune(s[i])
		}
		if u < 0x80 {
			accents = 0
			if greek && !isASCIILetter(byte(u)) {
				if vowels >= 2 && tones == 0 && lows > 0 {
					total += toneless
				}
				vowels, tones, lows = 0, 0, 0
			}
			before = u
			continue
		}
		u = charset.upper(s[i])
		next := rune(' ')
		if i+1 < len(s) {
			if next = rune(s[i+1]); next >= 0x80 {
				next = charset.upper(s[i+1])
			}
		}
		letter := isLetter(u) || 0x300 <= u && u <= 0x36f
		low := lowerOf(u)
		switch {
		case u == utf8.RuneError, 0x300 <= u && u <= 0x36f && !isLetter(before):
			return -1 << 20
		case !letter:
			if (isLetter(before) || isLetter(next)) && u != 0x2019 && u != 0xa0 && u != 0xb7 && u != 0x2013 && u != 0x2014 && u != 0xab && u != 0xbb && u != 0x201c && u != 0x201d && u != 0x201e {
				total += sign
			} else if u == 0x2019 || u == 0xa0 {
				total++
			}
			before = u
			accents = 0
			continue
		}
		rank := -1
		for k, c := range order {
			if c == low {
				rank = k
				break
			}
		}
		if rank < 0 {
			total += stranger
		} else {
			total += likely - (likely-unlikely)*rank/len(order)
			if order[0] == 'è' && !isLetter(next) {
				total += unlikely // where Italian has most of its accents
			}
		}
		cased := low != u || upperOf(u) != u
		if cased {
			if low != u && isLetter(before) && (small(before) || small(next)) {
				total += badCase
			}
			if low != u {
				cases |= 1
			} else {
				cases |= 2
			}
			if low != u && lowerOf(before) != before && before >= 0x80 {
				total += capitals
			}
			if low == u && !isLetter(before) && before != '\'' && before != 0x2019 {
				total += lowFirst
			}
		}
		if latin {
			if accents++; accents >= 3 {
				total += crowd
			}
		} else if before < 0x80 && isLetter(before) || next < 0x80 && isLetter(next) {
			total += lone
		}
		if greek {
			switch low {
			case 'α', 'ε', 'η', 'ι', 'ο', 'υ', 'ω':
				vowels++
			case 'ά', 'έ', 'ή', 'ί', 'ό', 'ύ', 'ώ', 'ΐ', 'ΰ':
				vowels++
				tones++
			}
			if low == u {
				lows++
			}
		}
		before = u
	}
	if cases == 1 {
		total += sign / 4 // nothing but capitals
	}
	return total
}

// small says whether a character is a small letter.
func small(u rune) bool { return lowerOf(u) == u && upperOf(u) != u }

// lowerOf is unicode.ToLower for the letters of tongues.
func lowerOf(u rune) rune {
	switch {
	case 'A' <= u && u <= 'Z', 0xc0 <= u && u <= 0xde && u != 0xd7, 0x391 <= u && u <= 0x3ab, 0x410 <= u && u <= 0x42f:
		return u + 32
	case u == 0x130:
		return 'i'
	case u == 0x178:
		return 0xff
	case 0x139 <= u && u <= 0x148, 0x179 <= u && u <= 0x17e:
		return u + u&1
	case 0x100 <= u && u <= 0x177, 0x218 <= u && u <= 0x21b, 0x490 <= u && u <= 0x491:
		return u | 1
	case u == 0x1a0, u == 0x1af:
		return u + 1
	case u == 0x386:
		return 0x3ac
	case 0x388 <= u && u <= 0x38a:
		return u + 37
	case u == 0x38c:
		return 0x3cc
	case u == 0x38e, u == 0x38f:
		return u + 63
	case 0x400 <= u && u <= 0x40f:
		return u + 80
	}
	return u
}

// upperOf says, for small letters, that there is a capital: it returns another
// character.
func upperOf(u rune) rune {
	switch {
	case 'a' <= u && u <= 'z', 0xe0 <= u && u <= 0xfe && u != 0xf7, 0x3ac <= u && u <= 0x3ce, 0x430 <= u && u <= 0x45f,
		0x100 <= u && u <= 0x177 && u&1 == 1, 0x17a == u || u == 0x17c || u == 0x17e, u == 0x131, u == 0x219, u == 0x21b, u == 0x491, u == 0x1a1, u == 0x1b0:
		return -1
	}
	return u
}

// pairScore says how well a text fits an encoding of two bytes a character.
func pairScore(s []byte, c Charset) int {
	total, pairs := 0, 0
	for i := 0; i < len(s); i++ {
		lead := s[i]
		if lead < 0x80 {
			continue
		}
		if c == ShiftJIS && 0xa1 <= lead && lead <= 0xdf {
			total += unlikely // half-width kana
			continue
		}
		if i+1 == len(s) {
			break
		}
		trail := s[i+1]
		i++
		pairs++
		if i > 1 && isASCIILetter(s[i-2]) && (trail < 0x80 || pairs == 1) || isASCIILetter(trail) && i+1 < len(s) && isASCIILetter(s[i+1]) {
			total += 3 * lone // a letter of Latin, among others
		}
		high := trail >= 0xa1 && trail != 0xff
		common := false
		switch c {
		case GBK:
			if lead < 0x81 || lead == 0xff || trail < 0x40 || trail == 0x7f || trail == 0xff {
				return -1 << 20
			}
			common = high && 0xb0 <= lead && lead <= 0xd7
			if (i < 2 || s[i-2] < 0x80) && hasPair(chineseNames, lead, trail) {
				total += likely / 2
			}
		case Big5:
			if lead < 0x81 || lead == 0xff || trail < 0x40 || 0x7f <= trail && trail <= 0xa0 || trail == 0xff {
				return -1 << 20
			}
			common = 0xa4 <= lead && lead <= 0xc6
		case ShiftJIS:
			if lead > 0xef || lead == 0xa0 || lead == 0x80 || trail < 0x40 || trail == 0x7f || trail > 0xfc {
				return -1 << 20
			}
			common = 0x82 <= lead && lead <= 0x83 || 0x88 <= lead && lead <= 0x97
		case EUCKR:
			if !high || lead < 0xa1 || lead == 0xff {
				return -1 << 20
			}
			common = 0xb0 <= lead && lead <= 0xc8
			if (i < 2 || s[i-2] < 0x80) && hasPair(surnames, lead, trail) {
				total += likely
			}
		case EUCJP:
			if lead == 0x8e && high {
				continue
			}
			if !high || lead < 0xa1 || lead == 0xff {
				return -1 << 20
			}
			common = lead == 0xa4 || lead == 0xa5 || 0xb0 <= lead && lead <= 0xcf
			if lead == 0xa4 || lead == 0xa5 {
				total += likely // kana
			} else if hasPair(japaneseNames, lead, trail) {
				total += likely / 2
			}
		}
		if common {
			total += 88
		} else {
			total += unlikely
		}
	}
	if pairs == 0 {
		return -1 << 20
	}
	// Of several that fit, the order: Chinese, Japanese, Korean.
	return total - 10*int(c-GBK)
}

// surnames are the first syllables of most Korean names, in EUC-KR: 김 이 박 최 정
// 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 전 홍.
const surnames = "\xb1\xe8\xc0\xcc\xb9\xda\xc3\xd6\xc1\xa4\xb0\xad\xc1\xb6\xc0\xb1\xc0\xe5\xc0\xd3\xc7\xd1\xbf\xc0\xbc\xad\xbd\xc5\xb1\xc7\xc8\xb2\xbe\xc8\xbc\xdb\xb7\xf9\xc0\xfc\xc8\xab"

// chineseNames are the commonest surnames in GBK: 王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗.
const chineseNames = "\xcd\xf5\xc0\xee\xd5\xc5\xc1\xf5\xb3\xc2\xd1\xee\xd5\xd4\xbb\xc6\xd6\xdc\xce\xe2\xd0\xec\xcb\xef\xc2\xed\xd6\xec\xba\xfa\xc1\xd6\xb9\xf9\xba\xce\xb8\xdf\xc2\xde"

// japaneseNames are letters of the commonest names, in EUC-JP: 山田佐藤鈴木高橋伊渡
// 辺中村小林加吉松井上子郎太一美本口野.
const japaneseNames = "\xbb\xb3\xc5\xc4\xba\xb4\xc6\xa3\xce\xeb\xcc\xda\xb9\xe2\xb6\xb6\xb0\xcb\xc5\xcf\xca\xd5\xc3\xe6\xc2\xbc\xbe\xae\xce\xd3\xb2\xc3\xb5\xc8\xbe\xbe\xb0\xe6\xbe\xe5\xbb\xd2\xcf\xba\xc2\xc0\xb0\xec\xc8\xfe\xcb\xdc\xb8\xfd\xcc\xee"

// hasPair reports whether a list of letters of two bytes has one.
func hasPair(list string, lead, trail byte) bool {
	for k := 0; k < len(list); k += 2 {
		if list[k] == lead && list[k+1] == trail {
			return true
		}
	}
	return false
}

// settleLegacy decides what a text that is not UTF-8 is read as, where nothing said so,
// and tells that it is a guess.
func (r *Reader) settleLegacy(s []byte, line uint32) {
	if r.legacy != UTF8 || utf8.Valid(s) {
		return
	}
	r.legacy = guessBytes(s)
	r.guessedCharset(line)
}

// guessedCharset tells that an encoding is a guess, once a file.
func (r *Reader) guessedCharset(line uint32) {
	if r.guessed || r.legacy == unknownCharset || r.legacy.Foreign() {
		return
	}
	r.guessed = true
	r.problem(GuessedCharset, line)
	r.say(r.Charset().String())
}

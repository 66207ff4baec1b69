package contacts

// A Label says what a number or address is for.
type Label uint8

const (
	NoLabel Label = iota
	Mobile
	Home
	Work
	Main // the company's or the person's first number
	Fax  // at home or at work
	Pager
	Car
	Assistant
	Other
)

var labelNames = [...]string{"", "mobile", "home", "work", "main", "fax", "pager", "car", "assistant", "other"}

// String gives "mobile", "home" and so on, "" for NoLabel.
func (l Label) String() string { return labelNames[l] }

// A Role is what a column of a table is read as.
type Role uint8

const (
	Unused Role = iota
	NumberColumn
	EmailColumn
	NumberLabel // says what the next NumberColumn is for, as Google's "Phone 1 - Label"
	EmailLabel
	FullName
	GivenName
	MiddleName
	FamilyName
	Nickname
	Company
)

var roleNames = [...]string{"", "number", "email", "number label", "email label",
	"name", "given name", "middle name", "family name", "nickname", "company"}

// String gives "number", "given name" and so on, "" for Unused.
func (r Role) String() string { return roleNames[r] }

// Words that tell what a label or a header means, in the languages in which
// Outlook, Google and Apple export. They are searched in normalised text (see
// normalise): lower case, no accents, single spaces, a space at both ends. So
// a leading or trailing space here anchors a word.
const (
	faxWords   = "fax|faks|telecopie|факс|传真|傳真|ファックス|팩스"
	pagerWords = " pager|beeper|radiomessagerie|localizador|buscapersonas|cercapersone|hakulaite|personsok|пейджер|寻呼|呼叫器|ポケットベル|호출기"
	aideWords  = "assist|ayudante|avusta|asystent|помощник|助理|秘書|비서"
	cellWords  = " mob| cell|celul|cellul| movil|telefono movil|telemovel| handy|natel| gsm|portable|iphone|whatsapp|matkapuh|komork|msisdn|mobiel|mobil|" +
		"мобил|переносн|сотов|移动|手机|手機|行動|携帯|휴대|핸드폰| sms "
	carWords  = " car | auto |autotel|autopuh|voiture| carro |automovil|машин|车载|汽車|自動車|카폰| bil |biltel"
	mainWords = "company main|main|haupt|principal|primar|centralita|glown|podstaw|ensisij|puhelinvaihde|huvud|vaxel|hoofd|" +
		"основн|主要|代表|通常|기본|대표"
	workWords = " work|business|office|geschaft|dienst| buro|bureau|profession|trabajo|oficina|laboral|comercial|trabalho|empresa|" +
		"uffic| uff |lavoro| werk|zakelijk| tyo|arbet|sluzb| praca|рабоч| раб|служебн|商务|商務|工作|单位|公司|会社|勤務|職場|근무|회사|직장|societe|firma"
	homeWords = " home|privat|domicil|particular| casa|residen|abitaz| ab |thuis| prive| koti| hem|domow|домаш| дом |住宅|住家|家庭|自宅| 집"
)

// labelOf finds what normalised text says a number is for.
func labelOf(s []byte) Label {
	switch {
	case has(s, faxWords):
		return Fax
	case has(s, pagerWords):
		return Pager
	case has(s, aideWords):
		return Assistant
	case has(s, cellWords):
		return Mobile
	case has(s, carWords):
		return Car
	case has(s, mainWords):
		return Main
	case has(s, workWords):
		return Work
	case has(s, homeWords):
		return Home
	}
	return Other
}

// meaning is labelOf for a label in the file's own words. It remembers the
// last one: a file has few, and uses them often.
func (r *Reader) meaning(text []byte) Label {
	s := normalise(&r.normal, text)
	if r.meantN > 0 && same(s, alias(r.meant[:r.meantN])) {
		return r.meantAs
	}
	r.meantN = copy(r.meant[:], s)
	r.meantAs = labelOf(s)
	return r.meantAs
}

// has reports whether s contains one of the words that | separates.
func has(s []byte, words string) bool {
	for len(words) > 0 {
		n := 0
		for n < len(words) && words[n] != '|' {
			n++
		}
		if index(s, words[:n]) >= 0 {
			return true
		}
		words = words[min(n+1, len(words)):]
	}
	return false
}

// is reports whether s, without the spaces at its ends, is one of the words.
func is(s []byte, words string) bool {
	if len(s) < 2 {
		return false
	}
	s = s[1 : len(s)-1]
	for len(words) > 0 {
		n := 0
		for n < len(words) && words[n] != '|' {
			n++
		}
		if same(s, words[:n]) {
			return true
		}
		words = words[min(n+1, len(words)):]
	}
	return false
}

// same compares without the copy that TinyGo makes of string(s).
func same(s []byte, t string) bool {
	if len(s) != len(t) {
		return false
	}
	for i, c := range s {
		if c != t[i] {
			return false
		}
	}
	return true
}

// index is bytes.Index for short needles, without its tables.
func index(s []byte, sub string) int {
	if sub == "" {
		return -1
	}
	for i := 0; i+len(sub) <= len(s); i++ {
		if s[i] == sub[0] && same(s[i:i+len(sub)], sub) {
			return i
		}
	}
	return -1
}

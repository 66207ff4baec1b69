package field

// Words that stand beside numbers. Each list is small letters without accents,
// a blank at both ends of every word; a word with a letter beyond ASCII stands as
// its bytes in extensionsWide.
const (
	// An extension follows: English, German, French, Spanish, Portuguese,
	// Italian, Polish, Dutch, Danish, Swedish, Norwegian, Czech, Hungarian,
	// Turkish, Romanian, Indonesian and transliterated Russian.
	extensions = " ext extn xtn exten extension extensao xt x durchwahl dw app apparat nst nebenstelle hausapparat poste ramal rml int interno interne intern " +
		"interior anexo anx wew wewn wewnetrzny toestel tst toest linje lokal local lok ankn anknytning klapka kl linka mell mellek dahili dah " +
		"internal dop dob dobav vn vnutr ligne sambungan ekst isub postd post pin code dial press option opt choix menu "

	// Words that may stand directly at the digits, without a blank.
	labels = " tel telefon telefone telefono telephone tlf tfn tlfn phone ph fon fono p t m f h w c o mob mobil mobile movil cell cel cellulare celular gsm handy natel " +
		"home work office main fax whatsapp whats wa sms call nr no num numero number ruf privat private perso bureau domicile casa " +
		"trabajo lavoro praca dom kom biuro is ev cep hp wk iphone viber signal telegram sip dect pager direct desk kontakt contact from to hot hotline " +
		"me mum dad dienst arbeit buro zuhause voip landline fijo fixe fisso "

	// What follows is dialled later.
	pauses = " pp ww ppp www wait pause "

	// Directly behind one or two digits, which are an hour or an ordinal then.
	units = " am pm h hr hrs uhr st nd rd th "

	// A colon and a number follow, as in tel:+44….
	schemes = " tel sms smsto mms mmsto callto telprompt facetime skype sip sips fax whatsapp wa viber signal im xmpp "

	// What follows is no phone number.
	others = " iban bic vat ust ustid uid ein tin ssn id kd kdnr kunde kundennr kundennummer customer client cliente account acct acc konto kto kontonr blz sort " +
		"siret siren nif cif cpf cnpj rfc pesel nip regon krs inn kpp ogrn snils rut dni born birth birthday dob geb geburtstag nacimiento " +
		"plz zip zipcode postcode postal postleitzahl postfach pobox cep po order bestellung ref reference referenz room zimmer floor etage raum unit suite apt apartment " +
		"puk pincode passcode passwort password meeting version isbn imei imsi serial invoice rechnung steuer steuernummer date datum fecha data year " +
		"ticket case policy member membership licence license plate box www http https mailto "

	// Only these part a number from one that is written by its last digits.
	ors = " or oder ou o y e u and und et i og och en ve ja lub vagy sau to thru through till bis "
)

// Extension words of other scripts, and those with accents, as they may be
// written.
var extensionsWide = [...]string{
	"доб", "Доб", "ДОБ", "вн.", "внутр", "Внутр", "дод", "εσωτ", "内線", "內線", "分机", "分機", "转", "轉", "내선", "داخلی", "داخلي", "תחנה", "שלוחה", "ต่อ",
	"wewnętrzny", "mellék", "extensão", "extensión", "anknytn", "línea", "số máy lẻ", "máy lẻ",
}

// inList says whether sym[from:to], letters, is a word of a list.
//
//go:noinline
func (r *Reader) inList(list string, from, to int) bool {
	n := to - from
	for i := 0; i+n+1 < len(list); i++ {
		if list[i] == ' ' && list[i+1+n] == ' ' {
			k := 0
			for k < n && lower(r.sym[from+k]) == list[i+1+k] {
				k++
			}
			if k == n {
				return true
			}
		}
	}
	return false
}

// wideExtension says whether one of extensionsWide is in the field's bytes
// [from:to].
func (r *Reader) wideExtension(from, to int) bool {
	text := r.text[from:to]
	for i := range text {
		if text[i] < 0x80 && lower(text[i])-'a' > 25 {
			continue
		}
		for _, w := range extensionsWide[:] {
			if hasPrefix(text[i:], w) {
				return true
			}
		}
	}
	return false
}

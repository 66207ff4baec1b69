package contacts

// What headers are called. The sources are the headers that Outlook writes in
// each language, Google's two generations, and what people type themselves.
const (
	mailWords = "mail|correo| e post|epost|sahkoposti|messagerie|courriel|correio|elektronik posta|posta elettronica|" +
		"эл почт|электронн|电子邮件|邮箱|電子郵件|メール|메일|이메일"
	mailNot  = "voicemail|mailing|mailbox|mail box|radiomessagerie"
	typeWord = " type | typ |posttyp|mailtype|rodzaj|tipo | label | soort |laji| тип |类型|類型|種類|유형"
	nameWord = " name| nom |nombre|nome |namn|nimi| nazwa |weergave|display|anzeige|краткое|显示|顯示|表示|표시"

	phoneWords = "phone|radiofone|telefon|telefoon| tel | tele |puhelin|landline|festnetz| fixe | fijo | fisso | vast |" +
		"телефон| тел |电话|電話|전화|연락처| ph "
	phoneExact = "number|numbers|nummer|rufnummer|numer|numero|номер|号码|號碼|番号|번호|msisdn|particular|particular 2|ufficio|ufficio 2|" +
		"abitazione|abitazione 2|isdn|rnis|rdsi|rdis|home|work|other|hem|arbete|foretag vaxel|公司代表線|公司代表线|카폰|" +
		"callback|ruckmeldung|rappel|richiamata automatica|devolucion de llamada|retorno de chamada|terugbellen|motringning|takaisinsoitto|" +
		"wywolanie zwrotne|обратный вызов|コールバック|numero de centralita de la organizacion|numero de teletipo"
	phoneNot = "phonetic| yomi |phoneme|country|code|extension|carrier|prefix|model| type | label | typ |name"
	telexNot = "telex|teleks|телекс|telegr|电报|テレックス|텔렉스|telix"

	givenExact = "first name|firstname|given name|givenname|forename|vorname|prenom|nombre|nome|primeiro nome|imie|имя|etunimi|fornamn|" +
		"voornaam|名|名字|이름|ilk adi|ad|eesnimi|nombre de pila|fname|first"
	familyExact = "last name|lastname|family name|familyname|surname|nachname|familienname|zuname|nom|nom de famille|apellidos|apellido|" +
		"cognome|sobrenome|apelido|ultimo nome|achternaam|sukunimi|efternamn|nazwisko|фамилия|姓|姓氏|성|soyadi|soyad|perekonnanimi|lname|last"
	middleExact = "middle name|additional name|weitere vornamen|zweiter vorname|deuxieme prenom|segundo nombre|secondo nome|segundo nome|" +
		"nome do meio|outros nomes apelidos|middelste naam|tweede voornaam|tussenvoegsel|mellannamn|toinen nimi|muut etunimet|drugie imie|отчество|中间名|中間名|ミドル ネーム|ミドルネーム|중간 이름"
	fullExact = "name|full name|fullname|display name|displayname|contact name|contact|file as|nombre completo|nome completo|nome e cognome|" +
		"nom complet|nom prenom|vollstandiger name|name vorname|anzeigename|kontakt|volledige naam|naam|nimi|koko nimi|namn|fullstandigt namn|imie i nazwisko|" +
		"nazwa|фио|полное имя|контакт|姓名|氏名|名前|联系人|聯絡人|성명|연락처 이름|full name 1|ad soyad"
	nickExact    = "nickname|nick name|short name|spitzname|surnom|apodo|soprannome|bijnaam|kutsumanimi|lempinimi|smeknamn|pseudonim|псевдоним|昵称|暱稱|ニックネーム|별명"
	companyExact = "company|company name|organization|organisation|organization name|organization 1 name|firma|unternehmen|societe|" +
		"entreprise|organizacion|empresa|societa|azienda|bedrijf|yritys|foretag|organizacja|организация|компания|单位|公司|会社名|会社|회사"
)

// roleOf says what a column with this normalised header holds.
func roleOf(s []byte) (Role, Label) {
	if len(s) < 3 {
		return Unused, NoLabel
	}
	switch {
	case is(s, fullExact):
		return FullName, NoLabel
	case is(s, givenExact):
		return GivenName, NoLabel
	case is(s, familyExact):
		return FamilyName, NoLabel
	case is(s, middleExact):
		return MiddleName, NoLabel
	case is(s, nickExact):
		return Nickname, NoLabel
	case is(s, companyExact):
		return Company, NoLabel
	}
	if has(s, mailWords) && !has(s, mailNot) {
		switch {
		case has(s, typeWord):
			// Google's "E-mail 1 - Type" is a label; Outlook's "E-mail Type"
			// says SMTP. "E-mail 2 Type" may be either: see endCell.
			if index(s, " e mail ") == 0 && numbered(s) && has(s, " type | label ") {
				return EmailLabel, NoLabel
			}
			return Unused, NoLabel
		case has(s, nameWord):
			return Unused, NoLabel
		}
		l := labelOf(s)
		if l != Home && l != Work {
			l = NoLabel
		}
		return EmailColumn, l
	}
	if has(s, telexNot) {
		return Unused, NoLabel
	}
	if index(s, " phone ") == 0 && numbered(s) && (has(s, " type | label ")) {
		return NumberLabel, NoLabel
	}
	if has(s, phoneNot) {
		return Unused, NoLabel
	}
	if has(s, phoneWords) || is(s, phoneExact) || has(s, faxWords) || has(s, pagerWords) || cellHeader(s) {
		return NumberColumn, labelOf(s)
	}
	return Unused, NoLabel
}

// cellHeader reports whether a header without the word phone names a mobile:
// "Handy", "Mobil 2", "Cellulare (privato)".
func cellHeader(s []byte) bool {
	return has(s, " mobile | mobil | mobiel | mobilnummer | mobilnr | cell | cellulare | cellulaire | celular | movil | telemovel | handy | handynummer | natel | gsm | portable | whatsapp | iphone | komorka | komorkowy | kannykka | мобильный | сотовый |手机|手機|携帯|휴대폰|핸드폰|휴대전화")
}

// numbered reports whether the second or third word is a number, as in
// "phone 1 value" and "e mail 2 label".
func numbered(s []byte) bool {
	for i := 1; i+1 < len(s); i++ {
		if s[i] == ' ' && '0' <= s[i+1] && s[i+1] <= '9' {
			return true
		}
	}
	return false
}

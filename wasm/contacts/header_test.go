package contacts

import (
	"strings"
	"testing"
)

// What Outlook, Google and Apple call their columns, by language. Unnamed
// columns of an export (addresses, birthdays, display names) must stay unused,
// or numbers would come from where there are none.
var headers = map[string]string{
	"number mobile": "Mobile Phone|Mobile|Cell|Cell Phone|Mobiltelefon|Mobiltelefon 2|Handy|Natel|Tél. mobile|Portable|Téléphone portable|Teléfono móvil|Móvil|" +
		"Celular|Telefone celular|Telemóvel|Cellulare|Telefono cellulare|Mobiele telefoon|Matkapuhelin|Mobil|Telefon komórkowy|Komórka|Телефон переносной|" +
		"Мобильный телефон|移动电话|手机|行動電話|手機|携帯電話|휴대폰|휴대전화|WhatsApp|iPhone",
	"number home": "Home Phone|Home Phone 2|Telefon privat|Telefon privat 2|Téléphone (domicile)|Téléphone 2 (domicile)|Particular|Teléfono particular|" +
		"Telefone residencial|Telefone da residência|2º telefone da residência|Abitazione|Abitazione 2|Telefoon thuis|Telefoon thuis 2|Kotipuhelin|Hem|" +
		"Telefon 2, hem|Telefon domowy|Домашний телефон|Телефон дом. 2|住宅电话|住家電話|自宅電話|집 전화 번호|집 전화 2|Home",
	"number work": "Business Phone|Business Phone 2|Work Phone|Telefon geschäftlich|Telefon geschäftlich 2|Telefon (geschäftlich)|Téléphone (bureau)|" +
		"Téléphone 2 (bureau)|Téléphone professionnel|Teléfono del trabajo|Telefone comercial|Telefone da empresa|Ufficio|Ufficio 2|Telefono ufficio|Telefoon op werk|" +
		"Telefoon op werk 2|Työpuhelin|Työpuhelin 2|Arbete|Telefon 2, arbete|Telefon służbowy|Рабочий телефон|Телефон раб. 2|商务电话|商务电话 2|商務電話|会社電話|会社電話 2|근무처 전화|Work",
	"number fax": "Business Fax|Home Fax|Other Fax|Fax geschäftlich|Fax privat|Weiteres Fax|Télécopie (bureau)|Télécopie (autre)|Fax del trabajo|Otro fax|Fax comercial|" +
		"Fax da residência|Fax (uff.)|Fax (ab.)|Altro fax|Fax op werk|Andere fax|Työfaksi|Kotifaksi|Fax arbete|Fax, hem|Faks służbowy|Inny faks|Рабочий факс|Другой факс|" +
		"商务传真|住宅传真|商務傳真|会社 FAX|その他の FAX|근무지 팩스|기타 팩스",
	"number main": "Company Main Phone|Primary Phone|Haupttelefon|Téléphone principal|Teléfono principal|Número de centralita de la organización|" +
		"Telefone principal da empresa|Telefono principale|Telefono principale società|Hoofdtelefoon|Ensisijainen puhelin|Yrityksen puhelinvaihde|" +
		"Företag, växel|Telefon podstawowy|Główny telefon do firmy|Основной телефон|主要电话|单位主要电话|代表電話|公司代表線|会社代表電話|기본 전화|회사 대표 전화",
	"number pager":     "Pager|Récepteur de radiomessagerie|Localizador|Buscapersonas|Cercapersone|Hakulaite|Personsökare|Пейджер|寻呼机|呼叫器|ポケットベル|호출기",
	"number car":       "Car Phone|Autotelefon|Téléphone (voiture)|Teléfono del automóvil|Telefone do carro|Telefono auto|Autopuhelin|Biltelefon|Телефон в машине|车载电话|汽車電話|自動車電話|카폰",
	"number assistant": "Assistant's Phone|Telefon Assistent|Téléphone de l'assistant(e)|Teléfono del ayudante|Telefone do assistente|Telefono assistente|Telefoon assistent|Avustajan puhelinnumero|Telefon, assistent|Telefon asystenta|Телефон помощника|助理的电话|助理電話|秘書の電話|비서 전화 번호",
	"number other": "Phone|Phone 1 - Value|Telephone|Phone Number|Tel|Tel.|Telefon|Rufnummer|Festnetz|Weiteres Telefon|Téléphone|Téléphone (autre)|Otro teléfono|Outro telefone|Altro telefono|" +
		"Andere telefoon|Puhelin|Puhelinnumero|Muu puhelin|Telefon, annan|Telefon 1|Inny telefon|Numer telefonu|Телефон|Другой телефон|电话|电话号码|其他电话|電話|其他電話|電話番号|その他の電話|기타 전화|전화번호|" +
		"Callback|Rückmeldung|Rappel|Devolución de llamada|Retorno de chamada|Richiamata automatica|Terugbellen|Takaisinsoitto|Motringning|Wywołanie zwrotne|Обратный вызов|回电话|回撥電話|コールバック|" +
		"ISDN|RNIS|Radio Phone|Radiotelefon|Radiofone|TTY/TDD Phone|Telefon für Hörbehinderte|Number|Nummer|Número|号码|Other",
	"number label": "Phone 1 - Type|Phone 2 - Label|Phone 12 - Label",
	"email label":  "E-mail 1 - Type|E-mail 2 - Label|E-mail 2 Type",
	"email": "E-mail Address|E-mail 2 Address|E-mail 1 - Value|Email|Mail|E-Mail-Adresse|E-Mail 2: Adresse|Adresse de messagerie|Adresse de messagerie 2|Courriel|" +
		"Dirección de correo electrónico|Correo|Endereço de email|Endereço de correio electrónico|Indirizzo posta elettronica|E-mailadres|Sähköpostiosoite|E-postadress|E-postadress 2|" +
		"Adres e-mail|Адрес эл. почты|Адрес 2 эл. почты|Электронная почта|电子邮件地址|电子邮件 2 地址|邮箱|電子郵件地址|電子メール アドレス|メールアドレス|전자 메일 주소|이메일",
	"given name":  "First Name|Given Name|Vorname|Prénom|Nombre|Nome|Primeiro nome|Voornaam|Etunimi|Förnamn|Imię|Имя|名|名字|이름|First",
	"family name": "Last Name|Family Name|Surname|Nachname|Nom|Apellidos|Sobrenome|Apelido|Cognome|Achternaam|Sukunimi|Efternamn|Nazwisko|Фамилия|姓|姓氏|성|Last",
	"middle name": "Middle Name|Additional Name|Weitere Vornamen|Deuxième prénom|Segundo nombre|Segundo nome|Secondo nome|Middelste naam|Toinen nimi|Mellannamn|Drugie imię|Отчество|中间名|中間名|ミドル ネーム|중간 이름",
	"name":        "Name|Full Name|Display Name|File As|Vollständiger Name|Nom complet|Nombre completo|Nome completo|Naam|Koko nimi|Namn|Imię i nazwisko|ФИО|姓名|氏名|名前",
	"company":     "Company|Organization Name|Organization 1 - Name|Firma|Société|Organización|Empresa|Società|Bedrijf|Yritys|Företag|Организация|单位|公司|会社名|회사",
	"nickname":    "Nickname|Spitzname|Surnom|Apodo|Soprannome|昵称|暱稱",
	"": "Title|Suffix|Home Street|Home Postal Code|Business City|Business Country/Region|Birthday|Notes|Spouse|Web Page|E-mail Type|E-mail Display Name|Mailing Street|Photo|" +
		"Phonetic First Name|Given Name Yomi|Yomi Name|Telex|Account|Address 1 - Formatted|Address 1 - Type|Organization 1 - Type|Group Membership|Labels|Custom Field 1 - Value|Website 1 - Value|" +
		"Straße geschäftlich|Postleitzahl privat|Ort privat|Weitere Postleitzahl|E-Mail-Typ|E-Mail 2: Typ|E-Mail: Angezeigter Name|Geburtstag|Notizen|Büro|Reisekilometer|" +
		"Rue (bureau)|Code postal (domicile)|Type de messagerie|Nom complet de l'adresse de messagerie|Anniversaire|Télex|Lieu|" +
		"Calle del trabajo|Código postal del trabajo|Tipo de correo electrónico 2|Nombre de pantalla de correo electrónico|Cumpleaños|Télex|" +
		"Endereço residencial|Tipo de email|Nome para exibição do email|Nome do assistente|Tipo de correio electrónico|Nome a apresentar para o correio electrónico|" +
		"Via (uff.)|Tipo posta elettronica|Nome visualizzato posta elettronica|Compleanno|" +
		"Werkadres, straat|E-mailtype|Weergavenaam voor e-mail|Verjaardag|Lähiosoite (työ)|Sähköpostin laji|Näytettävä sähköpostinimi|Syntymäpäivä|Toimisto|" +
		"Gatuadress, hem|Hemort|E-posttyp|E-postnamn|Personnummer|Arbetsplats|Adres służbowy - ulica|Rodzaj e-mail|Wyświetlana nazwa e-mail|Urodziny|Teleks|" +
		"Улица (раб. адрес)|Тип эл. почты|Краткое имя эл. почты|Телекс|День рождения|商务地址 街道|电子邮件类型|电子邮件显示名称|电报|生日|附注|商務 - 街|電子郵件類型|電子郵件顯示名稱|" +
		"番地 (会社)|電子メールの種類|電子メール表示名|テレックス|姓フリガナ|근무지 주소 번지|전자 메일 유형|전자 메일 표시 이름|텔렉스|생일",
}

func TestHeaders(t *testing.T) {
	n := 0
	for want, list := range headers {
		for _, h := range strings.Split(list, "|") {
			n++
			var buf [maxNormal]byte
			role, label := roleOf(normalise(&buf, []byte(h)))
			got := role.String()
			if role == NumberColumn {
				got += " " + label.String()
			}
			if got != want {
				t.Errorf("%q is read as %q, want %q", h, got, want)
			}
		}
	}
	if n < 400 {
		t.Errorf("%d headers, want 400 or more", n)
	}
}

// The accent table against the letters themselves.
func TestNormalise(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "  "},
		{"  E-Mail 2: Adresse ", " e mail 2 adresse "},
		{"ÀÁÂÃÄÅĀĂĄÇĆČÐĎĐÈÉÊËĒĘĚĞÌÍÎÏİĹĽŁÑŃŇÒÓÔÕÖØŐŔŘŚŞŠŢŤÙÚÛÜŮŰÝŸŹŻŽ", " aaaaaaaaacccdddeeeeeeegiiiiilllnnnooooooorrsssttuuuuuuyyzzz "},
		{"àáâãäåāăąçćčðďđèéêëēęěğìíîïıĺľłñńňòóôõöøőŕřśşšţťùúûüůűýÿźżž", " aaaaaaaaacccdddeeeeeeegiiiiilllnnnooooooorrsssttuuuuuuyyzzz "},
		{"Straße", " strasse "},
		{"Telefono Móvil", " telefono movil "},
		{"Мобильный ТЕЛЕФОН Ёж", " мобильный телефон еж "},
		{"ＴＥＬ　１", " tel 1 "},
		{"携帯電話", " 携帯電話 "},
		{"a\xffb\x00c", " a b c "},
	} {
		var buf [maxNormal]byte
		got := string(normalise(&buf, []byte(c.in)))
		if c.in == "" {
			got += " "
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
	var buf [maxNormal]byte
	for _, s := range []string{strings.Repeat("x", 500), strings.Repeat("漢", 500), strings.Repeat("ß-", 500)} {
		if got := normalise(&buf, []byte(s)); got[len(got)-1] != ' ' || len(got) > maxNormal {
			t.Errorf("a long header ends in %q", got[len(got)-8:])
		}
	}
}

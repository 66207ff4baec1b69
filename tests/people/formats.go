package people

import (
	"bufio"
	"fmt"
	"strings"
)

// writers write a person, or the header for nil.
var writers = map[string]func(*bufio.Writer, *Person, string){
	"vcf3":    vcf3,
	"vcf21":   vcf21,
	"vcf4":    vcf4,
	"google":  google,
	"outlook": outlook,
	"list":    list,
}

var escaped = strings.NewReplacer(`\`, `\\`, ",", `\,`, ";", `\;`)

func (p *Person) full() string {
	if p.Company != "" {
		return p.Company
	}
	return p.Given + " " + p.Family
}

// line writes a content line folded as RFC 2425 says, never within a
// character.
func line(w *bufio.Writer, s string) {
	for n := 75; len(s) > n; n = 74 {
		for n > 0 && s[n]&0xc0 == 0x80 {
			n--
		}
		w.WriteString(s[:n] + "\r\n ")
		s = s[n:]
	}
	w.WriteString(s + "\r\n")
}

// vcf3 is what iCloud exports.
func vcf3(w *bufio.Writer, p *Person, photo string) {
	if p == nil {
		return
	}
	w.WriteString("BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iPhone OS 18.1//EN\r\n")
	line(w, "N:"+escaped.Replace(p.Family)+";"+escaped.Replace(p.Given)+";;;")
	line(w, "FN:"+escaped.Replace(p.full()))
	if p.Company != "" {
		line(w, "ORG:"+escaped.Replace(p.Company)+";")
	}
	if p.Email != "" {
		line(w, "EMAIL;type=INTERNET;type=HOME;type=pref:"+p.Email)
	}
	if p.Mobile != "" {
		line(w, "TEL;type=CELL;type=VOICE;type=pref:"+p.Mobile)
	}
	if p.Home != "" {
		line(w, "TEL;type=HOME;type=VOICE:"+p.Home)
	}
	if p.Work != "" {
		w.WriteString("item1.TEL:" + p.Work + "\r\nitem1.X-ABLabel:Desk\r\n")
	}
	if photo != "" {
		line(w, "PHOTO;ENCODING=b;TYPE=JPEG:"+photo)
	}
	w.WriteString("END:VCARD\r\n")
}

// vcf21 is what Android exports.
func vcf21(w *bufio.Writer, p *Person, photo string) {
	if p == nil {
		return
	}
	text := func(name string, values ...string) {
		plain := true
		for _, v := range values {
			for _, c := range []byte(v) {
				plain = plain && c >= ' ' && c < 0x7f && c != '=' && c != ';'
			}
		}
		if plain {
			w.WriteString(name + ":" + strings.Join(values, ";") + "\r\n")
			return
		}
		s := name + ";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
		n := len(s)
		w.WriteString(s)
		for i, v := range values {
			if i > 0 {
				w.WriteByte(';')
				n++
			}
			for _, c := range []byte(v) {
				if n > 70 {
					w.WriteString("=\r\n")
					n = 0
				}
				fmt.Fprintf(w, "=%02X", c)
				n += 3
			}
		}
		w.WriteString("\r\n")
	}
	w.WriteString("BEGIN:VCARD\r\nVERSION:2.1\r\n")
	text("N", p.Family, p.Given, "", "", "")
	text("FN", p.full())
	if p.Mobile != "" {
		w.WriteString("TEL;CELL;PREF:" + p.Mobile + "\r\n")
	}
	if p.Home != "" {
		w.WriteString("TEL;HOME:" + p.Home + "\r\n")
	}
	if p.Work != "" {
		w.WriteString("TEL;WORK:" + p.Work + "\r\n")
	}
	if p.Email != "" {
		w.WriteString("EMAIL;HOME:" + p.Email + "\r\n")
	}
	if photo != "" {
		line(w, "PHOTO;ENCODING=BASE64;JPEG:"+photo)
		w.WriteString("\r\n")
	}
	w.WriteString("END:VCARD\r\n")
}

// vcf4 is what Thunderbird exports, photos on one line.
func vcf4(w *bufio.Writer, p *Person, photo string) {
	if p == nil {
		return
	}
	uri := func(s string) string { return strings.NewReplacer(" ", "-", "(", "", ")", "").Replace(s) }
	w.WriteString("BEGIN:VCARD\r\nVERSION:4.0\r\n")
	line(w, "FN:"+escaped.Replace(p.full()))
	line(w, "N:"+escaped.Replace(p.Family)+";"+escaped.Replace(p.Given)+";;;")
	if p.Mobile != "" {
		line(w, "TEL;VALUE=uri;PREF=1;TYPE=\"voice,cell\":tel:"+uri(p.Mobile))
	}
	if p.Home != "" {
		line(w, "TEL;VALUE=uri;TYPE=home:tel:"+uri(p.Home))
	}
	if p.Work != "" {
		line(w, "TEL;VALUE=TEXT;TYPE=work:"+p.Work)
	}
	if p.Email != "" {
		line(w, "EMAIL;PREF=1:"+p.Email)
	}
	if photo != "" {
		w.WriteString("PHOTO:data:image/jpeg;base64," + photo + "\r\n")
	}
	w.WriteString("END:VCARD\r\n")
}

func cell(s string) string {
	if strings.ContainsAny(s, "\",;\n") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// google is what Google Contacts exports since 2024.
func google(w *bufio.Writer, p *Person, _ string) {
	if p == nil {
		w.WriteString("First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As," +
			"Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value," +
			"Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Phone 3 - Label,Phone 3 - Value\n")
		return
	}
	row := []string{p.Given, "", p.Family, "", "", "", "", "", "", "", p.Company, "", "", "", "", "", "* myContacts", "", p.Email}
	for _, n := range [...][2]string{{"Mobile", p.Mobile}, {"Home", p.Home}, {"Work", p.Work}} {
		if n[1] == "" {
			n[0] = ""
		}
		row = append(row, n[0], n[1])
	}
	for i := range row {
		row[i] = cell(row[i])
	}
	w.WriteString(strings.Join(row, ",") + "\n")
}

// outlook is what Outlook on the web exports.
func outlook(w *bufio.Writer, p *Person, _ string) {
	if p == nil {
		w.WriteString("\ufeffFirst Name,Middle Name,Last Name,Title,E-mail Address,Home Phone,Business Phone,Mobile Phone,Company,Home Street,Notes\r\n")
		return
	}
	row := []string{p.Given, "", p.Family, "", p.Email, p.Home, p.Work, p.Mobile, p.Company, "", ""}
	for i := range row {
		row[i] = cell(row[i])
	}
	w.WriteString(strings.Join(row, ",") + "\r\n")
}

// list is every number on its own line.
func list(w *bufio.Writer, p *Person, _ string) {
	if p == nil {
		return
	}
	for _, n := range [...]string{p.Mobile, p.Home, p.Work} {
		if n != "" {
			w.WriteString(n + "\n")
		}
	}
}

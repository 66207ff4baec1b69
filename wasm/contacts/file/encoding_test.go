package file

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"sealbook/wasm/contacts"
)

// people are names of each language, two files of them, parted by commas.
var people = map[string][2]string{
	"de": {"Jürgen Müller,Zoë Groß,Käthe Schröder", "Günther Weiß,Bärbel Köhler,Rößler"},
	"fr": {"Hélène Lefèvre,François Côté,Zoé Noël", "Jérôme Béranger,Anaïs Dupré,Benoît Lacoste"},
	"es": {"José Muñoz,Begoña Núñez,María Ibáñez", "Peña,Andrés Gómez,Íñigo Zárate"},
	"pt": {"João Conceição,Inês Falcão,Antônio Gonçalves", "Sebastião Simões,Luís Araújo,Lucília Guimarães"},
	"it": {"Nicolò Cantù,Desirée Forlì", "Niccolò Bò,Salvatò,Gesù Cirò"},
	"sv": {"Åsa Öberg,Björn Sjöström", "Göran Bäckström,Märta Ågren"},
	"da": {"Søren Kjær,Åse Møller", "Jørgen Nørgaard,Pål Sæther,Bjørg"},
	"is": {"Þóra Guðjónsdóttir,Ægir Sigurðsson", "Guðrún Þórðardóttir,Jón Ólafsson"},
	"nl": {"Noëlle Daniëls,José Hoekstra", "Tatiënne van Höfte,André"},
	"pl": {"Łukasz Wójcik,Małgorzata Dąbrowska,Stanisław Żółkiewski", "Paweł Kwaśniewski,Józef Gołąb,Zbigniew Pająk,Grażyna Ćwik"},
	"cs": {"Jiří Dvořák,Lenka Černá,Růžena Němcová", "Tomáš Novák,Kateřina Kučerová,Ondřej Říha,Šimon"},
	"hu": {"Győző Szűcs,Erzsébet Tóth,Ödön Kőszegi", "Nagy László,Kovács Jenő,Fekete Ágnes"},
	"ro": {"Ştefan Ţepeş,Ioană Brâncuş", "Mariţa Ţurcan,Ion Bălan"},
	"hr": {"Željko Šarić,Ivana Đurđević", "Mladen Božić,Snježana Čolić"},
	"tr": {"Gülşen Işık,Çağrı Yıldız,Özgür Şahin", "İbrahim Öztürk,Şule Gök,Ayşe Çelik"},
	"lv": {"Žanis Bērziņš,Līga Kalniņa", "Jānis Ozoliņš,Dāvis Liepiņš"},
	"lt": {"Šarūnas Žukauskas,Rūta Kęstutytė", "Jonas Paškevičius,Agnė Urbonaitė"},
	"et": {"Ülo Õunapuu,Jüri Mägi", "Tõnu Põld,Mõisa Jüri"},
	"ru": {"Ирина Волкова,Сергей Кузнецов,Юлия Жукова", "Алексей Щукин,Наталья,ПЕТРОВ ИВАН"},
	"uk": {"Їжакевич Євген,Олена Шевченко,Дмитро Ґонта", "Іван Кравець,Ганна Ющенко"},
	"bg": {"Георги Стоянов,Цветелина Иванова", "Христо Ботев,Ангел Тодоров"},
	"sr": {"Ђорђе Љубић,Снежана Његош", "Милош Ђокић,Љиљана Шушњар"},
	"el": {"Ελένη Παππά,Γιώργος Νικολαΐδης,Κώστας Ψαρράς", "Δημήτρης Αλεξίου,Μαρία Ξενάκη,ΣΟΦΙΑ ΠΑΠΠΑ"},
	"he": {"דוד כהן,שרה לוי", "רחל גולדברג,יצחק"},
	"ar": {"ليلى حسن,محمد عبد الله", "عمر يوسف,فاطمة الزهراء"},
	"fa": {"رضا احمدی,پریسا گلزار", "رضا احمدی"},
	"th": {"สมชาย ใจดี,มาลี แซ่ลิ้ม", "ประยุทธ์ จันทร์,อรทัย"},
	"ja": {"山田太郎,佐藤 花子,スズキ一郎,田中ひろし", "渡辺健,伊藤さくら,ヤマダ"},
	"zh": {"王小明,李芳,张伟,陈丽华", "赵丽颖,欧阳娜,刘德华"},
	"tw": {"陳大文,林美玲,黃志明", "張學友,王力宏"},
	"ko": {"김민수,이영희,박지훈", "최수진,정우성,한가인"},
}

// written are encodings, and the languages that are written in them.
var written = []struct {
	encoding  encoding.Encoding
	label     string
	languages string
}{
	{charmap.Windows1252, "windows-1252", "de fr es pt it sv da is nl"},
	{charmap.Macintosh, "macintosh", "de fr es pt it sv da"},
	{charmap.ISO8859_1, "iso-8859-1", "de fr es pt it sv da is"},
	{charmap.CodePage850, "ibm850", "de fr es pt sv da"},
	{charmap.Windows1250, "windows-1250", "pl cs hu hr"},
	{charmap.ISO8859_2, "iso-8859-2", "pl cs hu hr"},
	{charmap.CodePage852, "ibm852", "pl cs hu"},
	{charmap.Windows1254, "windows-1254", "tr"},
	{charmap.Windows1257, "windows-1257", "lv lt et"},
	{charmap.Windows1251, "windows-1251", "ru uk bg sr"},
	{charmap.KOI8R, "koi8-r", "ru bg"},
	{charmap.KOI8U, "koi8-u", "uk ru"},
	{charmap.ISO8859_5, "iso-8859-5", "ru uk bg sr"},
	{charmap.CodePage866, "ibm866", "ru bg"},
	{charmap.MacintoshCyrillic, "x-mac-cyrillic", "ru uk"},
	{charmap.Windows1253, "windows-1253", "el"},
	{charmap.ISO8859_7, "iso-8859-7", "el"},
	{charmap.Windows1255, "windows-1255", "he"},
	{charmap.Windows1256, "windows-1256", "ar"},
	{charmap.ISO8859_6, "iso-8859-6", "ar"},
	{charmap.Windows874, "windows-874", "th"},
	{japanese.ShiftJIS, "shift_jis", "ja"},
	{japanese.EUCJP, "euc-jp", "ja"},
	{japanese.ISO2022JP, "iso-2022-jp", "ja"},
	{simplifiedchinese.GBK, "gbk", "zh"},
	{traditionalchinese.Big5, "big5", "tw"},
	{korean.EUCKR, "euc-kr", "ko"},
}

// undecidable are single names whose letters fit two languages as well, in
// encodings that differ there.
var undecidable = map[string]string{
	"Ülo Õunapuu":       "windows-1257", // as Hungarian, in windows-1250
	"Jonas Paškevičius": "windows-1257", // as Croatian, in windows-1250
	"Paweł Kwaśniewski": "ibm852",       // as Portuguese, in macintosh
}

// TestEncodings writes names in each encoding that their language has, as a table, a
// list and cards, with and without a word on the encoding.
func TestEncodings(t *testing.T) {
	count := 0
	for _, w := range written {
		for _, language := range strings.Fields(w.languages) {
			for _, names := range people[language] {
				var table, list, cards, declared, quoted bytes.Buffer
				table.WriteString("Name,Phone\n")
				var want []string
				for i, name := range strings.Split(names, ",") {
					b, err := w.encoding.NewEncoder().Bytes([]byte(name))
					if err != nil {
						continue
					}
					want = append(want, name)
					fmt.Fprintf(&table, "%s,020 7946 %04d\n", b, i)
					fmt.Fprintf(&list, "%s: 020 7946 %04d\n", b, i)
					fmt.Fprintf(&cards, "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:%s\r\nTEL:020 7946 %04d\r\nEND:VCARD\r\n", b, i)
					fmt.Fprintf(&declared, "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=%s:%s\r\nTEL:020 7946 %04d\r\nEND:VCARD\r\n", strings.ToUpper(w.label), b, i)
					fmt.Fprintf(&quoted, "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=%s;ENCODING=QUOTED-PRINTABLE:", strings.ToUpper(w.label))
					for _, c := range b {
						fmt.Fprintf(&quoted, "=%02X", c)
					}
					fmt.Fprintf(&quoted, "\r\nTEL:020 7946 %04d\r\nEND:VCARD\r\n", i)
				}
				first, _, _ := bytes.Cut(table.Bytes()[len("Name,Phone\n"):], []byte("\n"))
				single := append([]byte("Name,Phone\n"), first...)
				for what, text := range map[string][]byte{"table": table.Bytes(), "list": list.Bytes(), "cards": cards.Bytes(),
					"declared": declared.Bytes(), "quoted": quoted.Bytes(), "single": single} {
					expect := want
					if what == "single" {
						if expect = want[:1]; undecidable[want[0]] == w.label {
							continue
						}
					}
					if got := namesIn(t, text); strings.Join(got, ",") != strings.Join(expect, ",") {
						t.Errorf("%s in %s, %s: %q", language, w.label, what, got)
					}
					count++
				}
			}
		}
	}
	if count != 873 {
		t.Errorf("%d files", count)
	}
}

func namesIn(t *testing.T, text []byte) (names []string) {
	for e, err := range Read(bytes.NewReader(text), contacts.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == contacts.Number {
			names = append(names, string(e.Name))
		}
	}
	return names
}

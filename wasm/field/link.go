package field

// links takes numbers out of links and addresses of chats, and makes the rest of
// those, and all other addresses, one mark that parts what stands around it.
func (r *Reader) links() {
	r.context()
	r.carrier()
	r.services()
	for i := 0; i < r.n; i++ {
		switch {
		case r.sym[i] == '@':
			i = r.address(i)
		case r.has(i, r.n, "://"):
			i = r.link(r.schemeStart(i), i+3)
		case r.sym[i] == '/' && i > 0 && isLetter(r.sym[i-1]):
			// A host without scheme, such as wa.me/44… or www.example.org/1234567.
			from := i
			for from > 0 && (isLetter(r.sym[from-1]) || r.sym[from-1] == '.' || r.sym[from-1] == '-' || isDigit(r.sym[from-1])) {
				from--
			}
			if dot := r.index(from, i, "."); dot > from && isLetter(r.sym[dot-1]) && isLetter(r.sym[dot+1]) {
				i = r.link(from, i+1)
			}
		}
	}
}

// carrier takes out the 0xx of Brazil, where xx stands for any carrier's digits.
func (r *Reader) carrier() {
	for i := 0; i+3 < r.n; i++ {
		if r.has(i, r.n, "0xx") && (i == 0 || !isDigit(r.sym[i-1]) && !isLetter(r.sym[i-1])) && (isDigit(r.sym[i+3]) || r.sym[i+3] == ' ' && i+4 < r.n && isDigit(r.sym[i+4])) {
			r.sym[i], r.sym[i+1], r.sym[i+2] = ' ', ' ', ' '
			r.all |= TrunkZero.set()
		}
	}
}

// services takes out what is dialled before a number to hide or show one's own,
// or to send calls on: *67, #31#, *21*.
func (r *Reader) services() {
	i := 0
	for i < r.n && r.sym[i] == ' ' {
		i++
	}
	from := i
	for i < r.n && (r.sym[i] == '*' || r.sym[i] == '#') {
		i++
	}
	if i == from || i+2 >= r.n || !isDigit(r.sym[i]) || !isDigit(r.sym[i+1]) {
		return
	}
	switch end := i + 2; {
	case r.sym[end] == '*' || r.sym[end] == '#':
		r.blank(from, end+1)
		r.all |= Text.set()
	case r.sym[from] == '*' && (r.sym[i] >= '6' && r.sym[i+1] != '0' || r.sym[end] == ' '):
		r.blank(from, end)
		r.all |= Text.set()
	}
}

// blank takes sym[from:to] out of what is read.
//
//go:noinline
func (r *Reader) blank(from, to int) {
	for i := from; i < to; i++ {
		r.sym[i] = symLink
	}
}

func (r *Reader) schemeStart(i int) int {
	for i > 0 && (isLetter(r.sym[i-1]) || r.sym[i-1] == '-' || r.sym[i-1] == '+' && i > 1 && isLetter(r.sym[i-2])) {
		i--
	}
	return i
}

// isURL says whether a symbol may be inside a link.
//
//go:noinline
func isURL(c byte) bool {
	switch c {
	case ' ', '\n', '<', '>', '"', '|', ',', '\'', '{', '}', '`':
		return false
	}
	return true
}

// Hosts behind which a number with its calling code stands at once, and those
// that take one as a parameter.
var (
	pathHosts  = [...]string{"wa.me/", "zalo.me/", "t.me/+", "signal.me/#p/", "wa.link/+", "telegram.me/+"}
	queryHosts = [...]string{"whatsapp", "viber", "tg:", "telegram"}
	queryKeys  = [...]string{"phone=", "number=", "tel=", "contact="}
	callable   = [...]string{"tel:", "sms:", "smsto:", "mms:", "mmsto:", "callto:", "telprompt:", "facetime:", "facetime-audio:", "skype:", "sip:", "sips:", "fax:", "wtai:", "im:", "xmpp:", "h323:", "imessage:", "gsm:"}
)

// link reads the link sym[from:], whose host or path begins at rest, and answers
// where its last symbol is.
func (r *Reader) link(from, rest int) int {
	to := rest
	for to < r.n && (isURL(r.sym[to]) || r.decoded(to) || r.sym[to] == ',' && r.decoded(to+1)) {
		to++
	}
	for _, scheme := range callable[:] {
		if r.has(from, to, scheme) {
			r.blank(from, rest)
			r.all |= Link.set()
			return rest - 1
		}
	}
	for _, host := range pathHosts[:] {
		if at := r.index(from, to, host); at >= 0 && (at == from || !isLetter(r.sym[at-1])) {
			r.keep(from, at+len(host), to)
			return to - 1
		}
	}
	for _, host := range queryHosts[:] {
		if r.index(from, to, host) < 0 {
			continue
		}
		for _, key := range queryKeys[:] {
			if at := r.index(from, to, key); at >= 0 {
				r.keep(from, at+len(key), to)
				return to - 1
			}
		}
	}
	r.blank(from, to)
	return to - 1
}

// keep leaves of sym[from:to] the number that begins at at and has its calling
// code, if one does.
//
//go:noinline
func (r *Reader) keep(from, at, to int) {
	for at < to && (r.sym[at] == '+' || r.sym[at] == ' ') {
		at++
	}
	end, digits := at, 0
	for i := at; i < to && (isDigit(r.sym[i]) || visual(r.sym[i])); i++ {
		if isDigit(r.sym[i]) {
			digits++
			end = i + 1
		}
	}
	if digits < 7 || end < to && (isLetter(r.sym[end]) || r.sym[end] == '_') {
		r.blank(from, to)
		return
	}
	r.blank(from, at)
	r.blank(end, to)
	for i := at; i < end; i++ {
		if r.sym[i] == '+' {
			r.sym[i] = ' '
		}
	}
	for !isDigit(r.sym[at]) {
		at++
	}
	if r.sym[at] == '0' {
		if r.sym[at+1] != '0' {
			r.all |= Link.set()
			return // a national number, where a link should have none
		}
		for r.sym[at] == '0' {
			r.sym[at] = symLink
			at++
		}
	}
	if isDigit(r.sym[at]) {
		r.sym[at] = r.sym[at] - '0' + symForced
	}
	r.all |= Link.set()
}

// decoded says whether a symbol stood there with a percent sign.
func (r *Reader) decoded(i int) bool { return i < r.n && r.text[r.place[i]] == '%' }

// visual says whether a symbol may stand between the digits of a link.
func visual(c byte) bool {
	return c == '-' || c == '.' || c == '(' || c == ')' || c == ' ' || c == '+'
}

// address reads the address around the @ at sym[at] and answers where its last
// symbol is.
func (r *Reader) address(at int) int {
	to := at + 1
	for to < r.n && (isLetter(r.sym[to]) || isDigit(r.sym[to]) || r.sym[to] == '.' || r.sym[to] == '-') {
		to++
	}
	from := at
	for from > 0 && (isDigit(r.sym[from-1]) || isLetter(r.sym[from-1]) || r.sym[from-1] == '.' || r.sym[from-1] == '-' ||
		r.sym[from-1] == '_' || r.sym[from-1] == '+' || r.sym[from-1] == ':') {
		from--
	}
	if r.has(at+1, to, "s.whatsapp.net") || r.has(at+1, to, "whatsapp.net") || r.has(at+1, to, "c.us") {
		// The account, and perhaps a colon or stop and the device.
		if first := r.index(from, at, ":"); first >= 0 && !isDigit(r.sym[max(first-1, 0)]) {
			r.blank(from, first+1)
			from = first + 1
		}
		end := from
		if end < at && r.sym[end] == '+' {
			end++
		}
		for end < at && isDigit(r.sym[end]) {
			end++
		}
		if end == at || r.sym[end] == ':' || r.sym[end] == '.' || r.sym[end] == '_' {
			r.blank(end, to)
			r.keep(from, from, end)
			return to - 1
		}
	}
	for _, scheme := range callable[:] {
		if !r.has(from, at, scheme) {
			continue
		}
		digits, other := 0, 0
		for i := from + len(scheme); i < at; i++ {
			switch {
			case r.sym[i] == ':':
				at = i // a password follows
			case isDigit(r.sym[i]):
				digits++
			case !visual(r.sym[i]):
				other++
			}
		}
		if digits >= 7 && other == 0 {
			for to < r.n && isURL(r.sym[to]) {
				to++
			}
			r.blank(from, from+len(scheme))
			r.blank(at, to)
			r.all |= Link.set()
			return to - 1
		}
	}
	r.blank(from, to)
	return to - 1
}

// context takes the calling code of RFC 3966's ;phone-context=+44 out of the text
// and keeps it for the number before.
func (r *Reader) context() {
	const label = ";phone-context="
	at := r.index(0, r.n, label)
	if at < 0 {
		return
	}
	end := at + len(label)
	if end < r.n && r.sym[end] == '+' {
		end++
		for end < r.n && isDigit(r.sym[end]) && r.prefixed < len(r.prefix) {
			r.prefix[r.prefixed] = r.sym[end]
			r.prefixed++
			end++
		}
	}
	for end < r.n && isURL(r.sym[end]) && r.sym[end] != ';' {
		end++
	}
	r.blank(at, end)
	r.all |= Link.set()
}

package recipe

import "unicode/utf8"

// Parse finds or makes the recipe of a name; the package comment has the
// grammar. An error is a [Code].
func Parse(name string) (Recipe, error) {
	var r Recipe
	if code := r.Set(name); code != OK {
		return Recipe{}, code
	}
	return r, nil
}

// Set is Parse in place. It keeps nothing of name; unless it answers OK, r is
// the zero Recipe.
func (r *Recipe) Set(name string) Code {
	*r = Recipe{}
	code := r.set(name)
	if code != OK {
		*r = Recipe{}
	}
	return code
}

func (r *Recipe) set(name string) Code {
	slash := false
	for i := range len(name) {
		switch name[i] {
		case '=':
			return r.setOwn(name)
		case '/':
			slash = true
		}
	}
	if slash {
		return r.setGrid(name)
	}
	p, ok := Lookup(name)
	if !ok {
		return UnknownRecipe
	}
	if !p.Computable() {
		return NotComputable
	}
	r.Assign(p)
	return OK
}

func (r *Recipe) setGrid(name string) Code {
	form, rest := cut(name, '/')
	algorithm, rest := cut(rest, '/')
	encoding, bytes := cut(rest, '/')
	r.kind = Grid
	r.setTemplate("{n}")
	if r.form = Form(find(formNames[:], form)); r.form == 0 {
		return BadForm
	}
	if r.algorithm = Algorithm(find(algorithmNames[:], algorithm)); r.algorithm == 0 || r.algorithm > SHA512 {
		return BadAlgorithm
	}
	if code := r.setEncoding(encoding); code != OK {
		return code
	}
	if len(rest) != len(encoding) { // there is a third slash
		return r.setTruncation(bytes)
	}
	return OK
}

func (r *Recipe) setOwn(name string) Code {
	s := scanner{rest: name}
	r.kind = Own
	if !s.field("form=") {
		return BadSpec
	}
	if r.form = Form(find(formNames[:], s.word())); r.form == 0 {
		return BadForm
	}
	if !s.field(" alg=") {
		return BadSpec
	}
	if r.algorithm = Algorithm(find(algorithmNames[:], s.word())); r.algorithm == 0 || r.algorithm == Unsupported {
		return BadAlgorithm
	}
	if !s.field(" enc=") {
		return BadSpec
	}
	if code := r.setEncoding(s.word()); code != OK {
		return code
	}
	if s.field(" trunc=") {
		if code := r.setTruncation(s.word()); code != OK {
			return code
		}
	}
	if !s.field(" template=") {
		return BadSpec
	}
	template, ok := s.quoted()
	if !ok {
		return BadTemplate
	}
	salts, code := r.setTemplate(template)
	if code != OK {
		return code
	}
	if s.field(" salt=") {
		if salts == 0 || !r.setSalt(&s) {
			return BadSalt
		}
	} else if salts != 0 {
		return BadSalt
	}
	if s.field(" key=") {
		var ok bool
		if r.keys, ok = setHex(r.key[:], s.word()); !ok || !r.algorithm.keyed() {
			return BadKey
		}
		r.mac.Set(r.algorithm.hash(), r.key[:r.keys])
	} else if r.algorithm.keyed() {
		return BadKey
	}
	if s.rest != "" {
		return BadSpec
	}
	return OK
}

//go:noinline
func (r *Recipe) setEncoding(s string) Code {
	r.encoding = Encoding(find(encodingNames[:], s))
	switch {
	case r.encoding == 0 || r.encoding == NoEncoding, (r.encoding == Text) != (r.algorithm == Plain):
		return BadEncoding
	}
	return OK
}

// setTruncation takes a decimal number without leading zeros.
//
//go:noinline
func (r *Recipe) setTruncation(s string) Code {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' || i > 1 {
			return BadTruncation
		}
		n = 10*n + int(s[i]-'0')
	}
	if n < 1 || s[0] == '0' || n >= r.algorithm.hash().Size() {
		return BadTruncation
	}
	r.truncation = uint8(n)
	return OK
}

// setTemplate checks and takes a template as written, and answers how many
// times the salt is in it.
func (r *Recipe) setTemplate(t string) (salts int, code Code) {
	if len(t) > MaxTemplate {
		return 0, BadTemplate
	}
	r.templates = uint8(copy(r.template[:], t))
	if !printable(r.template[:r.templates]) {
		return 0, BadTemplate
	}
	numbers := 0
	for i := 0; i < len(t); i++ {
		switch t[i] {
		case '\\': // quoted saw that something follows
			i++
			if c := t[i]; c != '"' && c != '\\' && c != '{' && c != '}' {
				return 0, BadTemplate
			}
		case '{':
			switch {
			case hasPrefix(t[i:], "{n}"):
				numbers++
				i += len("{n}") - 1
			case hasPrefix(t[i:], "{salt}"):
				salts++
				i += len("{salt}") - 1
			default:
				return 0, BadTemplate
			}
		case '}':
			return 0, BadTemplate
		}
	}
	if numbers != 1 || salts > 2 {
		return 0, BadTemplate
	}
	return salts, OK
}

// setSalt reads a salt in its one spelling.
func (r *Recipe) setSalt(s *scanner) bool {
	if s.field("0x") {
		var ok bool
		r.salts, ok = setHex(r.salt[:], s.word())
		return ok && !printable(r.salt[:r.salts])
	}
	written, ok := s.quoted()
	if !ok {
		return false
	}
	n := 0
	for i := 0; i < len(written); i++ {
		if written[i] == '\\' {
			i++
			if written[i] != '"' && written[i] != '\\' {
				return false
			}
		}
		if n == MaxSalt {
			return false
		}
		r.salt[n] = written[i]
		n++
	}
	r.salts = uint8(n)
	return n > 0 && printable(r.salt[:n])
}

// setHex fills to with bytes from lower-case hexadecimal digits and answers how
// many: at least one.
//
//go:noinline
func setHex(to []byte, s string) (uint8, bool) {
	if len(s) == 0 || len(s)%2 != 0 || len(s)/2 > len(to) {
		return 0, false
	}
	for i := range len(s) {
		c := s[i]
		if c < '0' || c > '9' && c < 'a' || c > 'f' {
			return 0, false
		}
		if i%2 == 0 {
			to[i/2] = unhex(c) << 4
		} else {
			to[i/2] |= unhex(c)
		}
	}
	return uint8(len(s) / 2), true
}

// scanner reads an own recipe from the front.
type scanner struct{ rest string }

// field takes a literal, if it comes next.
func (s *scanner) field(literal string) bool {
	if !hasPrefix(s.rest, literal) {
		return false
	}
	s.rest = s.rest[len(literal):]
	return true
}

// word takes everything up to a space, which stays.
func (s *scanner) word() string {
	w, _ := cut(s.rest, ' ')
	s.rest = s.rest[len(w):]
	return w
}

// quoted takes a text in double quotes and answers what is between them, with
// its backslashes.
//
//go:noinline
func (s *scanner) quoted() (string, bool) {
	if !s.field(`"`) {
		return "", false
	}
	for i := 0; i < len(s.rest); i++ {
		switch s.rest[i] {
		case '\\':
			i++
		case '"':
			text := s.rest[:i]
			s.rest = s.rest[i+1:]
			return text, true
		}
	}
	return "", false
}

// cut splits s around the first c; c is in neither part.
//
//go:noinline
func cut(s string, c byte) (before, after string) {
	for i := range len(s) {
		if s[i] == c {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

//go:noinline
func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

// printable reports whether p is UTF-8 without control characters.
//
//go:noinline
func printable(p []byte) bool {
	for len(p) > 0 {
		c, n := utf8.DecodeRune(p)
		if c < ' ' || c >= 0x7f && c < 0xa0 || c == utf8.RuneError && n == 1 {
			return false
		}
		p = p[n:]
	}
	return true
}

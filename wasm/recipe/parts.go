package recipe

// parts walks over what is hashed: pieces of the template, and where the
// number and the salt come in.
type parts struct {
	r      *Recipe
	at     int
	number bool // the piece stands for the number
}

// next answers the next piece, never empty, and nil at the end. The template
// was checked when the recipe was made.
func (p *parts) next() []byte {
	t := p.r.template[:p.r.templates]
	p.number = false
	if p.at >= len(t) {
		return nil
	}
	switch start := p.at; t[start] {
	case '{':
		if t[start+1] == 'n' {
			p.number = true
			p.at += len("{n}")
			return t[start:p.at]
		}
		p.at += len("{salt}")
		return p.r.salt[:p.r.salts]
	case '\\':
		p.at += 2
		return t[start+1 : p.at]
	default:
		for p.at < len(t) && t[p.at] != '{' && t[p.at] != '\\' {
			p.at++
		}
		return t[start:p.at]
	}
}

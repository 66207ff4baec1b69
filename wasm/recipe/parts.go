package recipe

// parts walks over what is hashed: pieces of the template, and where the
// number and the salt come in.
type parts struct {
	at int // where the next part begins in the template
}

// part is a stretch of the template or of the salt, or the number's place.
type part struct {
	what     uint8 // 0 after the last
	from, to int
}

const (
	literal = 1 + iota // from:to of the template
	theNumber
	theSalt // from:to of the salt, all of it
)

// next returns the next part. The template was checked when the recipe was
// made. Places instead of slices keep a Recipe where it is under TinyGo, whose
// escape analysis gives up on slices that a function returns.
//
//go:noinline
func (r *Recipe) next(p *parts) part {
	t := r.template[:r.templates]
	if p.at >= len(t) {
		return part{}
	}
	switch start := p.at; t[start] {
	case '{':
		if start+1 < len(t) && t[start+1] == 'n' {
			p.at += len("{n}")
			return part{theNumber, start, p.at}
		}
		p.at += len("{salt}")
		return part{theSalt, 0, int(r.salts)}
	case '\\':
		p.at += 2
		return part{literal, start + 1, p.at}
	default:
		for p.at < len(t) && t[p.at] != '{' && t[p.at] != '\\' {
			p.at++
		}
		return part{literal, start, p.at}
	}
}

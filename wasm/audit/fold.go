package audit

// unfold looks at vCards with the lines that RFC 6350 section 3.2 folds put
// together. Findings are told in the text as it is.
func (s *scan) unfold(l *layer) {
	s.rewrite(l, "", hidden, func(p []byte, i int, dst []byte) ([]byte, int) {
		to := i
		if p[to] == '\r' {
			to++
		}
		if to+1 < len(p) && p[to] == '\n' && (p[to+1] == ' ' || p[to+1] == '\t') {
			return dst, to + 2 - i
		}
		return dst, 0
	})
}

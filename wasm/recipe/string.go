package recipe

// MaxName is the longest name of a recipe, in bytes: an own one with all its
// fields at their longest.
const MaxName = len(`form=national_nsn alg=hmac-sha512 enc=base64url-nopad trunc=63 template="" salt="" key=`) +
	MaxTemplate + 2*MaxSalt + 2*MaxKey

// String returns the recipe's name, which [Parse] reads back. It holds the salt
// and the key of an own recipe.
func (r *Recipe) String() string { return string(r.AppendName(nil)) }

// AppendName appends the recipe's name, at most [MaxName] bytes.
func (r *Recipe) AppendName(dst []byte) []byte {
	switch r.kind {
	case 0:
		return dst
	case Grid:
		dst = append(dst, r.form.String()...)
		dst = append(append(dst, '/'), r.algorithm.String()...)
		dst = append(append(dst, '/'), r.encoding.String()...)
		if r.truncation != 0 {
			dst = r.appendTruncation(append(dst, '/'))
		}
		return dst
	case Own:
		return r.appendOwn(dst)
	}
	return append(dst, r.id...)
}

func (r *Recipe) appendOwn(dst []byte) []byte {
	dst = append(append(dst, "form="...), r.form.String()...)
	dst = append(append(dst, " alg="...), r.algorithm.String()...)
	dst = append(append(dst, " enc="...), r.encoding.String()...)
	if r.truncation != 0 {
		dst = r.appendTruncation(append(dst, " trunc="...))
	}
	dst = append(append(dst, ` template="`...), r.template[:r.templates]...)
	dst = append(dst, '"')
	if salt := r.salt[:r.salts]; len(salt) > 0 {
		dst = append(dst, " salt="...)
		if printable(salt) {
			dst = append(dst, '"')
			for _, c := range salt {
				if c == '"' || c == '\\' {
					dst = append(dst, '\\')
				}
				dst = append(dst, c)
			}
			dst = append(dst, '"')
		} else {
			dst = appendHex(append(dst, "0x"...), salt, hexLetters)
		}
	}
	if r.keys > 0 {
		dst = appendHex(append(dst, " key="...), r.key[:r.keys], hexLetters)
	}
	return dst
}

// appendTruncation appends a number below 100.
func (r *Recipe) appendTruncation(dst []byte) []byte {
	if r.truncation > 9 {
		dst = append(dst, '0'+r.truncation/10)
	}
	return append(dst, '0'+r.truncation%10)
}

package tls

// cut takes n bytes off p.
func cut(p *[]byte, n int) []byte {
	if n > len(*p) {
		*p = nil
		return nil
	}
	q := (*p)[:n]
	*p = (*p)[n:]
	return q
}

// vector takes a vector off p whose length has the given number of bytes.
func vector(p *[]byte, bytes int) []byte {
	n := 0
	for _, c := range cut(p, bytes) {
		n = n<<8 | int(c)
	}
	return cut(p, n)
}

func (c *Conn) clientHello(p []byte) {
	cut(&p, 2)
	c.client = append([]byte(nil), cut(&p, 32)...)
	vector(&p, 1)
	vector(&p, 2)
	vector(&p, 1)
	extensions := vector(&p, 2)
	for len(extensions) >= 4 {
		kind := cut(&extensions, 2)
		body := vector(&extensions, 2)
		switch int(kind[0])<<8 | int(kind[1]) {
		case 0:
			list := vector(&body, 2)
			if len(list) > 3 && list[0] == 0 {
				list = list[1:]
				c.Name = append([]byte(nil), vector(&list, 2)...)
			}
		case 42:
			c.early = true
		}
	}
}

func (c *Conn) serverHello(p []byte) {
	if len(p) < 38 {
		return
	}
	version := int(p[0])<<8 | int(p[1])
	cut(&p, 2)
	random := cut(&p, 32)
	vector(&p, 1)
	code := cut(&p, 2)
	cut(&p, 1)
	if code == nil {
		return
	}
	c.encryptFirst = false
	extensions := vector(&p, 2)
	for len(extensions) >= 4 {
		kind := cut(&extensions, 2)
		body := vector(&extensions, 2)
		switch int(kind[0])<<8 | int(kind[1]) {
		case 43:
			if len(body) == 2 {
				version = int(body[0])<<8 | int(body[1])
			}
		case 22:
			c.encryptFirst = true
		}
	}
	if string(random) == retry {
		c.early = false
		return // the next hello counts
	}
	c.server = append([]byte(nil), random...)
	c.version, c.hello = version, true
	c.suite = suiteOf(int(code[0])<<8 | int(code[1]))
	if version == 0x0304 {
		c.sides[1].encrypted = true
	}
}

// retry is the random of a HelloRetryRequest, RFC 8446 section 4.1.3.
const retry = "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"

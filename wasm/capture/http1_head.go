package capture

// chunkSize reads the line before a chunk: hexadecimal, extensions behind ';'.
func chunkSize(line []byte) (int64, bool) {
	n, digits := int64(0), 0
	for _, c := range line {
		d := unhex(c)
		if d > 15 {
			if c != ';' && !blank(c) {
				return 0, false
			}
			break
		}
		if digits++; digits > 15 {
			return 0, false
		}
		n = n<<4 | int64(d)
	}
	return n, digits > 0
}

// headEnd returns where a head ends, behind its empty line; -1 if it does not.
func headEnd(p []byte, from int) int {
	for i := from; i < len(p); i++ {
		j := indexByte(p[i:], '\n')
		if j < 0 {
			return -1
		}
		i += j
		if i+1 < len(p) && p[i+1] == '\n' {
			return i + 2
		}
		if i+2 < len(p) && p[i+1] == '\r' && p[i+2] == '\n' {
			return i + 3
		}
	}
	return -1
}

// cutLine splits p behind its first line.
func cutLine(p []byte) (line, rest []byte) {
	if i := indexByte(p, '\n'); i >= 0 {
		return trim(p[:i]), p[i+1:]
	}
	return trim(p), nil
}

// cutField splits a field off, with the lines that continue it.
func cutField(p []byte) (name, value, rest []byte) {
	end := 0
	for {
		i := indexByte(p[end:], '\n')
		if i < 0 {
			end = len(p)
			break
		}
		end += i + 1
		if end == len(p) || p[end] != ' ' && p[end] != '\t' {
			break
		}
	}
	line := trim(p[:end])
	if i := indexByte(line, ':'); i >= 0 {
		return trim(line[:i]), trim(line[i+1:]), p[end:]
	}
	return line, nil, p[end:]
}

// requestLine splits "GET /path HTTP/1.1".
func requestLine(line []byte) (method, target, version []byte) {
	i := indexByte(line, ' ')
	if i < 0 {
		return line, nil, nil
	}
	method, target = line[:i], trim(line[i+1:])
	for j := len(target) - 1; j > 0; j-- {
		if target[j] == ' ' {
			if hasPrefix(target[j+1:], "HTTP/") {
				target, version = trim(target[:j]), target[j+1:]
			}
			break
		}
	}
	return method, target, version
}

// absolute is the authority of a target that is a URL, nil of others.
func absolute(target []byte) []byte {
	i := index(target, "://")
	if i <= 0 || i > 8 {
		return nil
	}
	host := target[i+3:]
	if n := indexAny(host, "/?#"); n >= 0 {
		host = host[:n]
	}
	return host
}

// statusOf reads "HTTP/1.1 200 OK".
func statusOf(line []byte) int {
	i := indexByte(line, ' ')
	if i < 0 {
		return 0
	}
	line = trim(line[i:])
	if i = indexByte(line, ' '); i >= 0 {
		line = line[:i]
	}
	return int(min(max(number(line), 0), 999))
}

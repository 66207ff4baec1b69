package capture

// saz reads the sessions of a Fiddler archive: raw/N_c.txt has the request as it
// was sent, N_s.txt the response, N_w.txt WebSocket messages.
type saz struct {
	z        *zipped
	sessions []sazSession // in order of their numbers
	parts    [3][]byte    // of the first, read so far
	whys     [3]Reason
	part     int
}

type sazSession struct {
	number int
	member [3]int // request, response, WebSocket: 1 + index of a member, 0 if there is none
}

// sazName takes "raw/12_c.txt" apart: the number of the session, and 'c', 's' or
// 'w'; 0 if it is no such name.
func sazName(name string) (number int, part byte) {
	for i := 0; i+4 <= len(name); i++ {
		if (i == 0 || name[i-1] == '/' || name[i-1] == '\\') && equalFold(name[i:i+3], "raw") && (name[i+3] == '/' || name[i+3] == '\\') {
			name = name[i+4:]
			n := 0
			for n < len(name) && n < 9 && '0' <= name[n] && name[n] <= '9' {
				number = number*10 + int(name[n]-'0')
				n++
			}
			if n == 0 || len(name) != n+6 || name[n] != '_' || !equalFold(name[n+2:], ".txt") {
				return 0, 0
			}
			switch part = name[n+1] | 0x20; part {
			case 'c', 's', 'w':
				return number, part
			}
			return 0, 0
		}
	}
	return 0, 0
}

func newSAZ(z *zipped) *saz {
	z.r.about.Format = "saz"
	s := &saz{z: z}
	at := map[int]int{}
	for i := range z.members {
		number, part := sazName(z.members[i].name)
		if part == 0 {
			continue
		}
		k, known := at[number]
		if !known {
			k = len(s.sessions)
			at[number] = k
			s.sessions = append(s.sessions, sazSession{number: number})
		}
		s.sessions[k].member[sazPart(part)] = 1 + i
	}
	sortSessions(s.sessions)
	return s
}

func sazPart(c byte) int {
	switch c {
	case 's':
		return 1
	case 'w':
		return 2
	}
	return 0
}

// sortSessions sorts by number: a heap sort, for an archive can have many.
func sortSessions(s []sazSession) {
	down := func(i, n int) {
		for {
			child := 2*i + 1
			if child >= n {
				return
			}
			if child+1 < n && s[child+1].number > s[child].number {
				child++
			}
			if s[i].number >= s[child].number {
				return
			}
			s[i], s[child] = s[child], s[i]
			i = child
		}
	}
	for i := len(s)/2 - 1; i >= 0; i-- {
		down(i, len(s))
	}
	for n := len(s) - 1; n > 0; n-- {
		s[0], s[n] = s[n], s[0]
		down(0, n)
	}
}

// next reads the members of a session one after the other and then gives its
// messages.
func (s *saz) next() {
	for len(s.sessions) > 0 {
		session := &s.sessions[0]
		for s.part < 3 {
			i := session.member[s.part]
			if i == 0 {
				s.part++
				continue
			}
			if why := s.z.members[i-1].readable(); why != OK {
				s.whys[s.part] = why
				s.part++
				continue
			}
			s.z.whole(i-1, func(data []byte, why Reason) {
				s.parts[s.part], s.whys[s.part] = data, why
				s.part++
				s.next()
			})
			return
		}
		s.messages(session)
		s.sessions, s.part, s.parts, s.whys = s.sessions[1:], 0, [3][]byte{}, [3]Reason{}
	}
	s.z.r.done = true
}

func (s *saz) messages(session *sazSession) {
	r := s.z.r
	b := &r.b
	var of exchange
	for side := range 2 {
		p := s.parts[side]
		if session.member[side] == 0 || len(p) == 0 && s.whys[side] == OK {
			continue
		}
		b.reset()
		b.m.Index, b.m.Direction = session.number-1, Direction(side)
		if len(p) > 0 {
			of = r.wholeMessage(p, of, nil)
		}
		b.problem(s.whys[side])
		r.found(&b.m)
	}
	if len(s.parts[2]) > 0 || s.whys[2] != OK {
		s.sockets(session, of)
	}
}

// sockets gives WebSocket messages: each is a frame with a few lines before it,
// of which "Request-Length: N" or "Response-Length: N" says whose it is and how
// long.
func (s *saz) sockets(session *sazSession, of exchange) {
	r := s.z.r
	n := 0
	give := func(d Direction, data []byte, why Reason) {
		b := &r.b
		b.reset()
		b.m.Index, b.m.Protocol, b.m.Direction = session.number-1, WebSocket, d
		b.m.Method, b.m.Target = of.method, of.target
		if len(of.host) > 0 {
			b.authority(of.host)
		}
		if len(data) > 0 {
			b.part(Part{Place: WebSocketMsg, N: n, Bytes: data})
			n++
		}
		b.problem(why)
		r.found(&b.m)
	}
	if s.whys[2] != OK {
		give(Request, s.parts[2], s.whys[2])
		return
	}
	for p := s.parts[2]; len(p) > 0; {
		for len(p) > 0 && blank(p[0]) {
			p = p[1:]
		}
		end := headEnd(p, 0)
		if len(p) == 0 {
			return
		}
		if end < 0 {
			give(Request, p, Malformed)
			return
		}
		size, direction := int64(-1), Request
		for fields := p[:end]; len(fields) > 0; {
			var name, value []byte
			name, value, fields = cutField(fields)
			switch {
			case equalFold(name, "request-length"):
				size = number(value)
			case equalFold(name, "response-length"):
				size, direction = number(value), Response
			}
		}
		p = p[end:]
		if size < 0 || size > int64(len(p)) {
			give(Request, p, Malformed)
			return
		}
		payload, ok := framePayload(p[:size])
		why := OK
		if !ok {
			payload, why = p[:size], Malformed
		}
		give(direction, payload, why)
		p = p[size:]
	}
}

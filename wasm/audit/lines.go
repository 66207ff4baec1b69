package audit

import "sealbook/wasm/capture"

// AppendLine appends a line of the report as JSON, with a newline: line 0 is
// about the capture, then come the findings, then what could not be read. There
// are 1 + len(Findings) + len(Unreadable) lines.
//
//	{"type":"capture","format":…,"creator":…,"messages":N,"first":…,"last":…,"verdict":…,"salts":[…],"tweasel":{…}}
//	{"type":"finding","request_index":N,"request_in_stream":N,"direction":…,"contact":…,"e164":…,"kind":…,
//	 "value":…,"certainty":…,"location":…,"chain":[…],"start":N,"end":N,"recipe":…,"context":…,
//	 "method":…,"host":…,"target":…,"time":…}
//	{"type":"unreadable","request_index":N,"request_in_stream":N,"direction":…,"reason":…}
//
// These are the members of `verifier audit --json`; times are nanoseconds since
// 1970 as text. request_in_stream is there for a pcap alone. What is not known is
// null. Bytes that are no UTF-8 are written as U+FFFD.
func (r *Report) AppendLine(to []byte, line int, b *Book, about *capture.About) []byte {
	streams := about.Format == "pcap" || about.Format == "pcapng"
	o := object{to: append(to, '{')}
	switch {
	case line == 0:
		o.text("type", "capture")
		o.text("format", about.Format)
		o.optional("creator", about.Creator)
		o.number("messages", int64(r.Messages))
		o.time("first", r.First)
		o.time("last", r.Last)
		o.text("verdict", r.Verdict().String())
		o.list("salts", r.Salts)
		if len(about.Tweasel) > 0 {
			o.key("tweasel")
			for _, c := range about.Tweasel { // JSON, in one line
				if c == '\n' || c == '\r' {
					c = ' '
				}
				o.to = append(o.to, c)
			}
		}
	case line <= len(r.Findings):
		f := &r.Findings[line-1]
		o.text("type", "finding")
		o.number("request_index", int64(f.Sent.Index))
		if streams {
			o.number("request_in_stream", int64(f.Sent.InStream))
		}
		o.direction(f.Sent.Response)
		name := b.Name(f.Contact)
		if name == "" {
			name = f.E164
		}
		if name == "" {
			name = f.Value // an address of somebody without a name
		}
		o.text("contact", name)
		o.optional("e164", f.E164)
		o.text("kind", f.Kind.String())
		o.text("value", f.Value)
		o.text("certainty", f.Certainty.String())
		o.text("location", f.Location)
		o.list("chain", f.Chain)
		o.number("start", int64(f.Start))
		o.number("end", int64(f.End))
		o.optional("recipe", f.Recipe)
		o.text("context", string(f.Context))
		o.text("method", f.Sent.Method)
		o.text("host", f.Sent.Host)
		o.text("target", f.Sent.Target)
		o.time("time", f.Sent.Time)
	default:
		u := &r.Unreadable[line-1-len(r.Findings)]
		o.text("type", "unreadable")
		if u.Index >= 0 {
			o.number("request_index", int64(u.Index))
			if streams {
				o.number("request_in_stream", int64(u.InStream))
			}
		} else {
			o.null("request_index")
		}
		o.direction(u.Response)
		o.text("reason", u.Reason)
	}
	return append(o.to, '}', '\n')
}

// An object is written member by member.
type object struct {
	to    []byte
	count int
}

func (o *object) key(name string) {
	if o.count > 0 {
		o.to = append(o.to, ',')
	}
	o.count++
	o.to = append(append(append(o.to, '"'), name...), '"', ':')
}

func (o *object) null(name string) {
	o.key(name)
	o.to = append(o.to, "null"...)
}

func (o *object) text(name, value string) {
	o.key(name)
	o.to = appendQuoted(o.to, value)
}

func (o *object) optional(name, value string) {
	if value == "" {
		o.null(name)
		return
	}
	o.text(name, value)
}

func (o *object) number(name string, n int64) {
	o.key(name)
	o.to = appendDecimal(o.to, n)
}

func (o *object) time(name string, ns int64) {
	if ns == 0 {
		o.null(name)
		return
	}
	o.key(name)
	o.to = append(appendDecimal(append(o.to, '"'), ns), '"')
}

func (o *object) direction(response bool) {
	d := capture.Request
	if response {
		d = capture.Response
	}
	o.text("direction", d.String())
}

func (o *object) list(name string, all []string) {
	o.key(name)
	o.to = append(o.to, '[')
	for i, s := range all {
		if i > 0 {
			o.to = append(o.to, ',')
		}
		o.to = appendQuoted(o.to, s)
	}
	o.to = append(o.to, ']')
}

func appendDecimal(to []byte, n int64) []byte {
	if n < 0 {
		to, n = append(to, '-'), -n
	}
	var b [20]byte
	i := len(b)
	for {
		i--
		b[i] = '0' + byte(n%10)
		if n /= 10; n == 0 {
			return append(to, b[i:]...)
		}
	}
}

// appendQuoted appends a JSON string.
func appendQuoted(to []byte, s string) []byte {
	const digits = "0123456789abcdef"
	to = append(to, '"')
	for _, r := range s { // what is no UTF-8 comes as U+FFFD
		switch {
		case r == '"' || r == '\\':
			to = append(to, '\\', byte(r))
		case r == '\n':
			to = append(to, '\\', 'n')
		case r < ' ' || r == 0x7f:
			to = append(to, '\\', 'u', '0', '0', digits[r>>4], digits[r&15])
		case r < 0x80:
			to = append(to, byte(r))
		default:
			to = append(to, string(r)...)
		}
	}
	return append(to, '"')
}

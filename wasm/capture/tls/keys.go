package tls

// Keys holds the secrets of a key log.
type Keys struct {
	secrets map[string]string // by label, space and client random
	n       int
}

// Add reads lines in the format of NSS: label, client random and secret in
// hexadecimal. Other lines are passed over.
func (k *Keys) Add(log []byte) {
	if k.secrets == nil {
		k.secrets = map[string]string{}
	}
	for len(log) > 0 {
		line := log
		for i, c := range log {
			if c == '\n' || c == '\r' {
				line = log[:i]
				break
			}
		}
		log = log[min(len(line)+1, len(log)):]
		var words [4][]byte
		n := 0
		for len(line) > 0 && n < 4 {
			i := 0
			for i < len(line) && line[i] != ' ' && line[i] != '\t' {
				i++
			}
			if i > 0 {
				words[n] = line[:i]
				n++
			}
			line = line[min(i+1, len(line)):]
		}
		if n != 3 || len(words[1]) != 64 || len(words[2]) > 128 {
			continue
		}
		random, ok := unhex(words[1])
		secret, also := unhex(words[2])
		if ok && also && len(secret) >= 32 {
			k.secrets[string(words[0])+" "+string(random)] = string(secret)
			k.n++
		}
	}
}

// Len returns how many secrets were read: when it rises, what waited for a key
// may go on.
func (k *Keys) Len() int { return k.n }

func (k *Keys) find(label string, random []byte) []byte {
	if s, ok := k.secrets[label+" "+string(random)]; ok {
		return []byte(s)
	}
	return nil
}

func unhex(p []byte) ([]byte, bool) {
	if len(p)%2 != 0 {
		return nil, false
	}
	out := make([]byte, len(p)/2)
	for i, c := range p {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return nil, false
		}
		out[i/2] = out[i/2]<<4 | c
	}
	return out, true
}

package contacts

// The readers of JSON and XML know no schema. They walk a tree of nodes, be they
// objects, lists or elements, and what the keys are called says what the values are.
// A node that has a number and a name is a person; so is an object in a list, for
// what it has. What a node has that is no person belongs to the one around it.
//
// That reads jCard (RFC 7095), xCard (RFC 6351), JSContact (RFC 9553), the exports of
// Telegram, Facebook and Instagram, Google's and Microsoft's interfaces, and the
// phone books of FRITZ!Box, Yealink, Snom, Cisco and Grandstream.

// maxDepth is how deep nodes are looked at; what is deeper is passed over.
const maxDepth = 48

// maxHeld is how many bytes the open nodes hold, before the rest of a person is
// LINE_TOO_LONG.
const maxHeld = 1 << 20

// Roles of a node beyond those of a column.
const (
	labelNode Role = 100 + iota // says what a number is for
	skipNode                    // nothing in it is wanted
	chatNode                    // its values are addresses of chats, some of them numbers
)

// A node is one that is open.
type node struct {
	role    Role   // what its key says that its values are; Unused for one that contains
	label   Label  // what its key says that numbers are for
	list    bool   // its values have no keys
	record  bool   // a person, whatever it lacks
	entries bool   // its key says that it holds persons
	part    bool   // a record in a list
	kind    []byte // which part of a name its value is
	types   uint16
	note    []byte
	name    [parts][]byte
	country []byte
	number  []byte // its key is one
	found   []finding
	line    uint32
	held    int // bytes of it, and of what ended in it

	tag  []byte // of XML
	text []byte // of XML, up to here
	at   int    // of a list of JSON: how many values came before
	card cardPart
}

// A finding is a number or address in a node.
type finding struct {
	kind       Kind
	label      Label
	note, text []byte
	country    []byte
	line       uint32
}

// tree is what the readers of JSON and XML keep.
type tree struct {
	open []node
	deep int    // nodes that are open beyond maxDepth
	held int    // bytes
	full bool   // LINE_TOO_LONG was told about this person
	done []node // persons that are complete and not handed out
	next int    // finding of the first of them
	some bool   // there was a person
	keys [64]keyMemo
	json jsonReader
	xml  xmlReader
}

func (t *tree) top() *node {
	if len(t.open) == 0 {
		return nil
	}
	return &t.open[len(t.open)-1]
}

// openNode begins an object, list or element.
func (r *Reader) openNode(key []byte, list bool) {
	t := r.tree
	if len(t.open) == maxDepth || t.deep > 0 {
		t.deep++
		return
	}
	n := node{list: list, line: r.lineNo}
	if parent := t.top(); parent == nil {
		n.record = !list
	} else {
		n.role, n.label = r.keyRole(key, parent.role)
		if len(key) == 0 {
			n.label = parent.label
			n.record = parent.list && !list && parent.role == Unused
			n.part = n.record
		}
		if len(t.open) == 1 && parent.record && len(key) > 0 && r.meansOf(key).owner {
			n.role = skipNode // whose export it is, in Telegram's
		}
		n.entries = len(key) > 0 && n.role == Unused && r.meansOf(key).entries
		if isNumberKey(key) {
			n.role, n.label, n.number = parent.role, NoLabel, clone(key)
			n.record = n.role == Unused
		}
	}
	t.open = append(t.open, n)
}

// A keyMemo is what a key says. A file has few keys, and uses them often.
type keyMemo struct {
	key     [40]byte
	n       int // length of the key + 1, 0 for one that is too long to be remembered
	role    Role
	label   Label
	words   Label // labelOf, once somebody asked
	worded  bool
	entries bool // holdsEntries
	plain   bool // isPlainKey
	record  bool // an element of XML that is a person
	owner   bool // of the person whose export it is, in Telegram's
}

// meansOf says what a key says, until the next one is asked about.
func (r *Reader) meansOf(key []byte) *keyMemo {
	m := &r.tree.keys[hash(key)%uint32(len(r.tree.keys))]
	if m.n == len(key)+1 && same(key, alias(m.key[:len(key)])) {
		return m
	}
	s := r.keyWords(key)
	*m = keyMemo{entries: holdsEntries(s), plain: isPlainKey(s), record: is(s, records), owner: is(s, "personal information")}
	m.role, m.label = nodeRole(s)
	if len(key) <= len(m.key) {
		m.n = copy(m.key[:], key) + 1
	}
	return m
}

// keyRole says what a value with that key is, inside a node with that role.
func (r *Reader) keyRole(key []byte, in Role) (Role, Label) {
	if len(key) == 0 || in >= labelNode {
		return in, NoLabel
	}
	m := r.meansOf(key)
	role, label := m.role, m.label
	switch in {
	case Unused:
		return role, label
	case NumberColumn, EmailColumn:
		switch role {
		case GivenName, FamilyName, labelNode, skipNode, CountryColumn:
			return role, NoLabel
		case FullName:
			return labelNode, NoLabel
		case in:
			return in, label
		}
		if !m.worded {
			m.words, m.worded = labelOf(r.keyWords(key)), true
		}
		if m.words != Other {
			return in, m.words
		}
		return in, NoLabel
	case FullName:
		switch role {
		case GivenName, FamilyName, MiddleName, Nickname, labelNode, skipNode:
			return role, NoLabel
		}
	}
	return in, NoLabel
}

// holdsEntries reports whether a key says that there are entries in it.
func holdsEntries(s []byte) bool {
	return has(s, "phonebook| phone book|directory|addressbook| address book") ||
		is(s, "person|persons|people|contacts|contact list|members|participants|users|friends|entries|list")
}

// keyWords is a key as normalise gives it, its words parted where capitals part
// them, without the prefix of an XML namespace.
func (r *Reader) keyWords(key []byte) []byte {
	for i, c := range key {
		if c == ':' && i < 12 {
			key = key[i+1:]
			break
		}
	}
	n := 0
	for i, c := range key {
		if n+2 > len(r.cell) {
			break
		}
		if i > 0 && 'A' <= c && c <= 'Z' && ('a' <= key[i-1] && key[i-1] <= 'z' || '0' <= key[i-1] && key[i-1] <= '9') {
			r.cell[n] = ' '
			n++
		}
		r.cell[n] = c
		n++
	}
	return normalise(&r.normal, r.cell[:n])
}

// nodeRole is roleOf for the words that only keys and tags are.
func nodeRole(s []byte) (Role, Label) {
	switch {
	case holdsEntries(s) && !is(s, "members"):
		return Unused, NoLabel
	case is(s, "type|types|label|labels|kind|contexts|features|label collection"):
		return labelNode, NoLabel
	case is(s, "input|tel|telephony|contact point|contact information|contact info|kontaktinformationen|wa contacts|number|phone numbers|whatsapp"):
		return NumberColumn, NoLabel
	case is(s, "address|addresses|adr|photo|photos|avatar|image|note|notes|url|urls|relations|related to|id|uid|uuid|timestamp|date|version|"+
		"birthday|birthdays|anniversaries|members|accountindex|setup|services type|metadata|pref|primary|canonical form|formatted type"):
		return skipNode, NoLabel
	case is(s, "n|names|name collection|fn|full|real name|formatted name|contact name"):
		return FullName, NoLabel
	case is(s, "impp|online services|social profile|socialprofile|x socialprofile"):
		return chatNode, NoLabel
	case is(s, "region|default region|default country"):
		return CountryColumn, NoLabel
	case is(s, "given|given names"):
		return GivenName, NoLabel
	case is(s, "family|surnames|family names|ln"):
		return FamilyName, NoLabel
	case is(s, "hm|hm1|hm2"): // of Gigaset
		return NumberColumn, Home
	case is(s, "mb|mb1|mb2"):
		return NumberColumn, Mobile
	case is(s, "of|of1|of2"):
		return NumberColumn, Work
	case is(s, "org|orgs|organizations|organisations"):
		return Company, NoLabel
	case is(s, "nicknames|nick names|push name|pushname|profile name"):
		return Nickname, NoLabel
	}
	return roleOf(s)
}

// isPlainKey reports whether a key only says that here is the value.
func isPlainKey(s []byte) bool {
	return is(s, "value|text|uri|number|name|full|full name|unstructured|unstructured name|formatted|content|address|title|display name|formatted name") || len(s) < 3
}

// setValue takes a text that stands under a key of the node on top.
func (r *Reader) setValue(key, text []byte) {
	t := r.tree
	n := t.top()
	text = trim(text)
	if n == nil || t.deep > 0 {
		return
	}
	if isNumberKey(key) {
		r.openNode(key, false)
		if n := t.top(); n.record && t.deep == 0 && hasLetter(text) && !equals(text, "true") {
			n.name[partFull] = clone(text)
		}
		r.closeNode()
		return
	}
	if len(text) == 0 {
		return
	}
	role, label := r.keyRole(key, n.role)
	if chatAddress(text) && (role == Unused || role == skipNode) {
		role = NumberColumn
	}
	if role == Unused || role == n.role && role < labelNode && len(key) > 0 {
		// A key that is not known: the value counts if nothing else can be meant.
		m := r.meansOf(key)
		plus := text[0] == '+' && digits(text) >= 7 && looksNumber(text)
		switch {
		case role == Unused && plus && (n.list || m.plain):
			role = NumberColumn
		case role == Unused && n.list && looksNumber(text):
			role = NumberColumn
		case role == Unused && r.format == JSON && (plus || isName(key) && text[0] == '0' && digits(text) >= 9 && digits(text) <= 12 && looksNumber(text)) && len(n.found) == 0 && hasLetter(key):
			r.finishNode(node{line: r.lineNo, name: [parts][]byte{partFull: clone(key)}, found: []finding{{text: clone(text), line: r.lineNo}}})
			return
		case role == Unused:
			return
		case m.plain, m.role == role, role == NumberColumn && (plus || label != NoLabel), role == EmailColumn && isMail(text):
		default:
			return
		}
	}
	if t.held > maxHeld {
		if !t.full {
			t.full = true
			r.problem(LineTooLong, r.lineNo)
		}
		return
	}
	t.held += len(text) + 64
	n.held += len(text) + 64
	n.set(role, label, key, text, r.lineNo)
}

// set takes a value of that role.
func (n *node) set(role Role, label Label, key, text []byte, line uint32) {
	if n.label != NoLabel && label == NoLabel {
		label = n.label
	}
	switch role {
	case NumberColumn, EmailColumn:
		if equals(text, "true") {
			return
		}
		kind := Number
		if role == EmailColumn || isMail(text) {
			kind = Email
			text = trimPrefix(text, "mailto:")
		}
		n.found = append(n.found, finding{kind: kind, label: label, text: clone(text), line: line})
	case labelNode:
		if equals(text, "false") || equals(text, "null") {
			return
		}
		if equals(text, "true") {
			text = key
		}
		if n.role == FullName {
			n.kind = clone(text)
			return
		}
		l, known := typeOf(text)
		n.types |= 1 << l
		if !known && len(n.note) == 0 {
			n.note = clone(text)
		}
	case CountryColumn:
		n.country = clone(text)
	case chatNode:
		if isChatNumber(text) {
			n.found = append(n.found, finding{kind: Number, text: clone(text), line: line})
		}
	default:
		if part := partOf(role); part >= 0 && n.name[part] == nil {
			n.name[part] = clone(text)
		}
	}
}

// closeNode ends the node on top.
func (r *Reader) closeNode() {
	t := r.tree
	if t.deep > 0 {
		t.deep--
		return
	}
	if len(t.open) == 0 {
		return
	}
	n := t.open[len(t.open)-1]
	t.open[len(t.open)-1] = node{}
	t.open = t.open[:len(t.open)-1]
	if n.role == NumberColumn || n.role == EmailColumn {
		for i := range n.found {
			f := &n.found[i]
			if l := pick(n.types); l != NoLabel {
				f.label = l
			}
			if f.note == nil {
				f.note = n.note
			}
			if f.country == nil {
				f.country = n.country
			}
		}
	}
	if n.number != nil && len(n.found) == 0 {
		n.found = append(n.found, finding{text: n.number, line: n.line})
	}
	parent := t.top()
	if n.role == FullName && n.kind != nil {
		// A component of JSContact, such as {"kind": "surname", "value": "Field"}.
		role, _ := nodeRole(normalise(&r.normal, n.kind))
		text := n.name[partFull]
		n.name[partFull] = nil
		if part := partOf(role); part >= 0 {
			n.name[part] = text
		}
	}
	if full, family := n.name[partFull], n.name[partFamily]; full != nil && family != nil && n.name[partGiven] == nil && index(full, alias(family)) < 0 {
		n.name[partGiven], n.name[partFull] = full, nil // Gigaset's fn is the first name
	}
	if n.part && !n.named() && r.belongs() {
		n.record = false // a detail of the person around
	}
	if parent == nil || n.record || n.role == Unused && !n.list && len(n.found) > 0 && n.named() {
		r.finishNode(n)
		return
	}
	if n.role == skipNode {
		t.held -= n.held
		return
	}
	kept := len(n.found) > 0
	for part, text := range n.name[:] {
		if text != nil && parent.name[part] == nil {
			parent.name[part], kept = text, true
		}
	}
	if kept {
		parent.held += n.held
	} else {
		t.held -= n.held
	}
	if len(parent.found) == 0 {
		parent.found = n.found
	} else {
		parent.found = append(parent.found, n.found...)
	}
	if n.role != Unused && len(n.found) == 0 {
		parent.types |= n.types
		if parent.note == nil {
			parent.note = n.note
		}
	}
	if parent.country == nil {
		parent.country = n.country
	}
}

// belongs reports whether a node that ends is in a list of a person, and not in one of
// persons.
func (r *Reader) belongs() bool {
	open := r.tree.open
	for k := len(open) - 1; k > 0; k-- {
		if open[k].entries {
			return false
		}
		if open[k].part {
			return true
		}
	}
	return false
}

func (n *node) named() bool {
	for _, text := range n.name[:] {
		if text != nil {
			return true
		}
	}
	return false
}

// finishNode hands out a node as a person, if it is one.
func (r *Reader) finishNode(n node) {
	t := r.tree
	if len(n.found) > 0 || n.record && n.named() {
		t.done = append(t.done, n)
	}
	t.held -= n.held
	t.full = t.full && t.held > maxHeld
}

// handOut gives the persons that are complete to the reader's own queue, as far as
// that has room. It reports whether none is left.
func (r *Reader) handOut() bool {
	t := r.tree
	for len(t.done) > 0 {
		if r.ready {
			return false
		}
		n := &t.done[0]
		if t.next == 0 {
			t.some = t.some || len(n.found) > 0
			r.person()
			for part, text := range n.name[:] {
				if text != nil {
					r.setName(part, text, n.line)
				}
			}
		}
		for t.next < len(n.found) && !r.ready {
			f := &n.found[t.next]
			t.next++
			if len(f.text) > MaxValue {
				r.problem(ValueTooLong, f.line)
				continue
			}
			label, note := f.label, span{}
			if len(f.note) > 0 && len(f.note) <= MaxName {
				if note = r.text(f.note, f.line); label == NoLabel {
					label = r.meaning(note.of(r.arena[:]))
				}
			}
			if f.country == nil {
				f.country = n.country
			}
			r.setCountry(f.country)
			r.value(f.kind, label, f.text, f.line, note, 0)
			r.room()
		}
		if t.next < len(n.found) {
			return false
		}
		r.endPerson()
		t.next = 0
		t.done[0] = node{}
		t.done = t.done[1:]
	}
	t.done = nil
	return !r.ready
}

// endTree closes what is open at the end of the file.
func (r *Reader) endTree() {
	t := r.tree
	if len(t.open)+t.deep > 0 {
		r.problem(Truncated, r.lineNo)
	}
	for len(t.open)+t.deep > 0 {
		r.closeNode()
	}
}

// isNumberKey reports whether a key is a number that can be nothing else: with a plus,
// or an address of a chat.
//
//go:noinline
func isNumberKey(key []byte) bool {
	return (isPlus(key) > 0 || chatAddress(key)) && digits(key) >= 7 && looksNumber(key)
}

// isName reports whether a key looks like a person's name: a capital and a blank.
func isName(key []byte) bool {
	return len(key) > 0 && ('A' <= key[0] && key[0] <= 'Z' || key[0] >= 0x80) && index(key, " ") > 0
}

// partOf is the part of a name that a role is, -1 for none.
func partOf(role Role) int {
	switch role {
	case FullName:
		return partFull
	case GivenName:
		return partGiven
	case MiddleName:
		return partMiddle
	case FamilyName:
		return partFamily
	case Nickname:
		return partNick
	case Company:
		return partCompany
	}
	return -1
}

//go:noinline
func clone(s []byte) []byte { return append([]byte(nil), s...) }

// hasLetter reports whether there is a letter of any script.
func hasLetter(s []byte) bool {
	for _, c := range s {
		if 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80 {
			return true
		}
	}
	return false
}

package recipe

//go:generate go run ./gentable

// row is a published recipe as table.go holds it: constants only, a few bytes
// each, so that neither the program's start nor its file pays for the rooms
// that an own recipe needs.
type row struct {
	id, template, salt, key string
	form                    Form
	algorithm               Algorithm
	encoding                Encoding
	truncation              uint8
	kind                    Kind
	confidence              Confidence
}

// published are the recipes of the table in full. See ready.
var published [len(table)]Recipe

// Count returns how many published recipes there are.
func Count() int { return len(table) }

// At returns the i-th published recipe, in the order of recipes.json; 0 ≤ i <
// Count(). It is shared: do not change it.
func At(i int) *Recipe {
	ready()
	return &published[i]
}

// Lookup finds a published recipe by its id.
func Lookup(id string) (*Recipe, bool) {
	for i := range table {
		if table[i].id == id {
			return At(i), true
		}
	}
	return nil, false
}

// expand fills published from the table.
func expand() {
	for i := range table {
		from, to := &table[i], &published[i]
		to.id = from.id
		to.templates = uint8(copy(to.template[:], from.template))
		to.salts = uint8(copy(to.salt[:], from.salt))
		to.keys = uint8(copy(to.key[:], from.key))
		to.form = from.form
		to.algorithm = from.algorithm
		if from.key != "" {
			to.mac.Set(to.algorithm.hash(), to.key[:to.keys])
		}
		to.encoding = from.encoding
		to.truncation = from.truncation
		to.kind = from.kind
		to.confidence = from.confidence
	}
}

package field

// A Repair is something that was mended before a text was a number.
type Repair uint8

// The order is part of the interface of contacts.wasm: new ones go to the end.
const (
	Text           Repair = iota // words before or behind were left out: a label, a name
	Several                      // one of several numbers in the field
	Shortened                    // of a number before, only the last digits were written again
	Extension                    // an extension was left out
	Pause                        // what is dialled after a pause (p, w) was left out
	ItemNumber                   // the number of a list's item was left out
	Link                         // taken out of a link or the address of a chat
	Percent                      // percent signs of a link were decoded
	Invisible                    // characters that cannot be seen were left out
	LetterForDigit               // a letter O, l or I was taken for 0 or 1
	Vanity                       // a word was taken for digits, as on a keypad
	Joined                       // digits were run together across a slash, a comma or an odd bracket
	Decimal                      // a spreadsheet had added .0, or parted thousands
	Exponent                     // a spreadsheet had written it as 4.42079460018E+11
	WithoutPlus                  // it begins with a calling code that has no plus
	ForeignPrefix                // 00 or 011, where the region dials another international prefix
	PlusTooMany                  // a plus stood before a national number
	TrunkZero                    // a (0) that is dialled only inside the country was left out
	DoubledCode                  // the calling code stood there twice
	CountryColumn                // read in the region of its row's country

	// An old number, written as it is since its region's numbering plan changed:
	// see plans.go. The date is part of the code.
	OldPlanMX
	OldPlanCI
	OldPlanBR
	OldPlanBJ
	OldPlanVN
	OldPlanCM
	OldPlanCO
	OldPlanEC
	OldPlanMU

	repairCount
)

var repairNames = [repairCount]string{
	"TEXT", "SEVERAL", "SHORTENED", "EXTENSION", "PAUSE", "ITEM_NUMBER", "LINK", "PERCENT", "INVISIBLE",
	"LETTER_FOR_DIGIT", "VANITY", "JOINED", "DECIMAL", "EXPONENT", "WITHOUT_PLUS", "FOREIGN_PREFIX",
	"PLUS_TOO_MANY", "TRUNK_ZERO", "DOUBLED_CODE", "COUNTRY_COLUMN",
	"OLD_PLAN_MX_2019_08_03", "OLD_PLAN_CI_2021_01_31", "OLD_PLAN_BR_2016_11_06", "OLD_PLAN_BJ_2024_11_30",
	"OLD_PLAN_VN_2018_09_15", "OLD_PLAN_CM_2014_11_21", "OLD_PLAN_CO_2021_09_01",
	"OLD_PLAN_EC_2012_09_30", "OLD_PLAN_MU_2013_09_01",
}

// RepairCount is how many there are.
const RepairCount = int(repairCount)

// String gives the stable code: TEXT, SEVERAL …; of an old numbering plan with
// its region and the day of the change, such as OLD_PLAN_CI_2021_01_31.
func (r Repair) String() string {
	if r < repairCount {
		return repairNames[r]
	}
	return "UNKNOWN"
}

// Repairs is a set of them.
type Repairs uint64

// Has says whether a repair is in the set.
func (s Repairs) Has(r Repair) bool { return s>>r&1 != 0 }

// set is the set of one; several rules may make up one plan.
func (r Repair) set() Repairs { return 1 << r }

// Append appends their codes in the order of the table, commas between.
func (s Repairs) Append(dst []byte) []byte {
	first := true
	for r := range Repair(RepairCount) {
		if !s.Has(r) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(dst, r.String()...)
	}
	return dst
}

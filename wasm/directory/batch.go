package directory

// MaxBatch is the most elements of one evaluation.
const MaxBatch = 1024

// BatchSizes are the sizes that batches are padded to, so that the directory
// learns no exact count.
func BatchSizes() []int { return []int{8, 64, 256, MaxBatch} }

// Block is how many records clients read together.
const Block = 256

// Batch is how many numbers go into a batch, and its size with the random
// elements behind them.
type Batch struct{ Numbers, Size int }

// Batches plans the evaluation of count numbers in batches of the given sizes,
// ascending and at least one.
func Batches(count int, sizes []int) (plan []Batch) {
	for count > 0 {
		b := Batch{Size: sizes[len(sizes)-1]}
		for _, size := range sizes {
			if size >= count {
				b.Size = size
				break
			}
		}
		b.Numbers = min(count, b.Size)
		plan = append(plan, b)
		count -= b.Numbers
	}
	return plan
}

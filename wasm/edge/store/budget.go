package store

import (
	"context"
	"errors"

	"sealbook/wasm/directory"
)

// Charge takes n evaluations from the budget of an account of this epoch if they
// are there, else it returns ErrBudget. Either way it returns the account's level
// and time. However many charge at once, the sum is exact.
func (s *Store) Charge(ctx context.Context, credential [32]byte, n int64, b directory.Budget, now int64) (Account, error) {
	const charge = `
		UPDATE accounts SET
			used = max(min(used, ?5) - max(?1 - used_at, 0) * ?2, 0) + ?3,
			used_at = max(?1, used_at), seen = max(?6, seen)
		WHERE credential = ?4 AND search = 1 AND epoch = (SELECT epoch FROM directory)
		  AND max(min(used, ?5) - max(?1 - used_at, 0) * ?2, 0) + ?3 <= ?5
		RETURNING used, used_at`
	var a Account
	err := s.fail("charge", s.row(ctx, s.Write, charge,
		now, b.PerDay, n*directory.Day, credential[:], b.Size*directory.Day, Day(now)).Scan(&a.Used, &a.UsedAt))
	if errors.Is(err, ErrNone) {
		// Withdrawn, renewed or without the scope since it was looked up, or spent.
		if a, err = s.Account(ctx, credential); err != nil {
			return Account{}, err
		}
		return a, ErrBudget
	}
	return a, err
}

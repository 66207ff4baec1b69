package store

import "context"

// Account is everything that is held about a person.
type Account struct {
	ID         [16]byte
	Epoch      uint32
	Credential [32]byte // SHA-256
	Search     bool
	Listed     bool // tag and record are published
	Tag        [5]byte
	Bucket     uint32
	Record     [64]byte
	Consent    [32]byte // SHA-256 of the text
	Registered int64
	Used       int64 // level of the budget at UsedAt, in 1/86400 evaluation
	UsedAt     int64
}

// Register spends a registration and writes its account, both or neither. An
// account of the same number is renewed: its credential, scopes and record are
// replaced, its budget stays. It answers ErrNone if the registration was spent
// meanwhile, or another epoch has begun.
func (s *Store) Register(ctx context.Context, a Account, registration [16]byte) error {
	// In every statement that selects from nothing, the conditions are what
	// makes it one act.
	const register = `
		INSERT INTO accounts (id, epoch, credential, search, listed, tag, bucket, record, consent, registered, used_at, registration)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11
		WHERE EXISTS (SELECT 1 FROM registrations WHERE id = ?11) AND ?2 = (SELECT epoch FROM directory)
		ON CONFLICT (id) DO UPDATE SET
			credential = excluded.credential, search = excluded.search, listed = excluded.listed,
			record = excluded.record, consent = excluded.consent, registered = excluded.registered,
			registration = excluded.registration
		RETURNING epoch`
	var epoch int64
	err := s.row(ctx, s.Write, register,
		a.ID[:], int64(a.Epoch), a.Credential[:], flag(a.Search), flag(a.Listed), a.Tag[:], int64(a.Bucket), a.Record[:],
		a.Consent[:], a.Registered, registration[:]).Scan(&epoch)
	return s.fail("register", err)
}

// flag is a boolean for the database.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

const columns = "id, epoch, credential, search, listed, tag, bucket, record, consent, registered, used, used_at"

func scan(row row) (Account, error) {
	var a Account
	var id, credential, tag, record, consent []byte
	err := row.Scan(&id, &a.Epoch, &credential, &a.Search, &a.Listed, &tag, &a.Bucket, &record, &consent,
		&a.Registered, &a.Used, &a.UsedAt)
	if err != nil {
		return Account{}, err
	}
	copy(a.ID[:], id)
	copy(a.Credential[:], credential)
	copy(a.Tag[:], tag)
	copy(a.Record[:], record)
	copy(a.Consent[:], consent)
	return a, nil
}

// Account answers the account of this epoch with that credential, or ErrNone.
func (s *Store) Account(ctx context.Context, credential [32]byte) (Account, error) {
	a, err := scan(s.row(ctx, s.Read, "SELECT "+columns+
		" FROM accounts WHERE credential = ? AND epoch = (SELECT epoch FROM directory)", credential[:]))
	return a, s.fail("account", err)
}

// PutRecord replaces the record of an account, or answers ErrNone.
func (s *Store) PutRecord(ctx context.Context, credential [32]byte, record [64]byte) error {
	var bucket int64
	err := s.row(ctx, s.Write, `
		UPDATE accounts SET record = ? WHERE credential = ? AND epoch = (SELECT epoch FROM directory)
		RETURNING bucket`, record[:], credential[:]).Scan(&bucket)
	return s.fail("record", err)
}

// Withdraw erases an account and answers what it was, or ErrNone.
func (s *Store) Withdraw(ctx context.Context, credential [32]byte) (Account, error) {
	a, err := scan(s.row(ctx, s.Write, "DELETE FROM accounts"+
		" WHERE credential = ? AND epoch = (SELECT epoch FROM directory) RETURNING "+columns, credential[:]))
	return a, s.fail("withdraw", err)
}

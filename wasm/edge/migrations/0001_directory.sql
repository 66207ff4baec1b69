-- Times are Unix seconds, flags 0 or 1, all numbers below 2^53: D1 hands them
-- through JavaScript. Keyed hashes are of a key that comes from the seed.

-- One row.
CREATE TABLE directory (
	one     INTEGER PRIMARY KEY CHECK (one = 1),
	key     TEXT    NOT NULL, -- verifier key of the notes, '' before the first start
	epoch   INTEGER NOT NULL, -- 0 before the first
	size    INTEGER NOT NULL, -- entries of the log, so the version of the newest state
	read    INTEGER NOT NULL, -- the journal up to here is in that state
	reading INTEGER NOT NULL, -- version of a publication that may be reading
	refill  INTEGER NOT NULL  -- evaluations of a budget that come back in a day
);
INSERT INTO directory VALUES (1, '', 0, 0, 0, 0, 200);

-- Private keys of epochs, encrypted under a key that comes from the seed: what
-- is here is of no use without it, nor it without what is here.
CREATE TABLE epochs (
	epoch INTEGER PRIMARY KEY,
	began INTEGER NOT NULL,
	key   BLOB    NOT NULL
);

-- Everything that is held about a person.
CREATE TABLE accounts (
	id         BLOB    PRIMARY KEY, -- 16 bytes; tells nothing without the epoch's key
	epoch      INTEGER NOT NULL,
	credential BLOB    NOT NULL UNIQUE, -- SHA-256
	search     INTEGER NOT NULL, -- scope: may spend evaluations
	listed     INTEGER NOT NULL, -- scope discoverable: tag and record are published
	tag        BLOB    NOT NULL, -- 5 bytes
	record     BLOB    NOT NULL, -- 64 bytes, sealed by the person's client
	consent    BLOB    NOT NULL, -- SHA-256 of the text that was agreed to
	registered INTEGER NOT NULL,
	seen       INTEGER NOT NULL, -- last code or sync, to a day
	used       INTEGER NOT NULL DEFAULT 0, -- level of the budget, in 1/86400 evaluation,
	used_at    INTEGER NOT NULL DEFAULT 0, -- at this time
	ready      INTEGER NOT NULL DEFAULT 0, -- when a renewal without the credential comes true; 0: none is under way
	refused    INTEGER NOT NULL DEFAULT 0, -- it was refused once
	-- Set only while a statement does what they ask for; see the triggers.
	registration BLOB,    -- to be spent
	moved        BLOB,    -- the account of this number in the epoch before, to be erased
	put          INTEGER, -- when the record was put, to be counted
	left_at      INTEGER, -- when the person withdrew: to be erased, budget kept
	barred       INTEGER  -- with it: no new account before
) WITHOUT ROWID;
-- With the record, so that all is read in one piece.
CREATE INDEX published ON accounts (epoch, tag, id, record) WHERE listed = 1;
CREATE INDEX of_epoch ON accounts (epoch);
CREATE INDEX last_seen ON accounts (seen);

-- What is kept of numbers whose account was withdrawn, until their budget is
-- full again.
CREATE TABLE withdrawn (
	id      BLOB    PRIMARY KEY, -- of the account
	used    INTEGER NOT NULL,
	used_at INTEGER NOT NULL,
	barred  INTEGER NOT NULL, -- no new account before
	until   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX withdrawn_until ON withdrawn (until);

-- Codes that were sent and not used yet, and those that wait for a renewal.
CREATE TABLE registrations (
	id      BLOB    PRIMARY KEY, -- 16 random bytes
	number  BLOB    NOT NULL, -- keyed hash
	code    BLOB    NOT NULL, -- keyed hash
	tries   INTEGER NOT NULL, -- left
	sent    INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	-- Keyed hashes that the send is counted under; set only while it is.
	address BLOB,
	network BLOB, -- NULL: none
	calling BLOB,
	total   BLOB
) WITHOUT ROWID;
CREATE INDEX expiring ON registrations (expires);

-- What is counted: sends of codes for a number, an address, a network, a calling
-- code and in all, wrong tries for a number, records put, moves tried.
CREATE TABLE counts (
	key   BLOB    NOT NULL, -- keyed hash, or an account's id
	at    INTEGER NOT NULL,
	until INTEGER NOT NULL
);
CREATE INDEX counted ON counts (key, at);
CREATE INDEX forgotten ON counts (until);

-- What changed of what is published, and what was there before. Rows up to
-- directory.read are in the newest state; they go with it.
CREATE TABLE journal (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	tag BLOB    NOT NULL,
	id  BLOB    NOT NULL,
	was BLOB -- the record; NULL: the tag was not published
);

-- The log of states. The state of entry n has version n + 1.
CREATE TABLE log (
	n      INTEGER PRIMARY KEY,
	leaf   TEXT    NOT NULL,
	hashes BLOB    NOT NULL, -- of the nodes that the leaf makes whole, 32 bytes each, its own first
	root   BLOB    NOT NULL, -- of the tree that ends with it
	epoch  INTEGER NOT NULL,
	hour   INTEGER NOT NULL, -- of the leaf's time
	read   INTEGER NOT NULL, -- the journal up to here is in it
	files  TEXT    NOT NULL, -- id of the publication, under which its files are
	at     INTEGER NOT NULL, -- by the clock; a leaf's time never falls
	took   INTEGER NOT NULL  -- milliseconds that publishing took
);
CREATE INDEX of_hour ON log (hour, n);

-- Published files, where the platform has no better place for them.
CREATE TABLE files (
	name TEXT    PRIMARY KEY,
	size INTEGER NOT NULL,
	body BLOB -- its last part; those before, if any, are in parts
);
CREATE TABLE parts (
	name TEXT    NOT NULL,
	part INTEGER NOT NULL,
	body BLOB    NOT NULL,
	PRIMARY KEY (name, part)
) WITHOUT ROWID;

-- A send is counted in the statement that begins a registration.
CREATE TRIGGER registration_begun AFTER INSERT ON registrations BEGIN
	INSERT INTO counts (key, at, until) VALUES
		(NEW.number, NEW.sent, NEW.sent + 86400), (NEW.address, NEW.sent, NEW.sent + 3600),
		(NEW.calling, NEW.sent, NEW.sent + 3600), (NEW.total, NEW.sent, NEW.sent + 3600);
	INSERT INTO counts (key, at, until) SELECT NEW.network, NEW.sent, NEW.sent + 3600 WHERE NEW.network IS NOT NULL;
	UPDATE registrations SET address = NULL, network = NULL, calling = NULL, total = NULL WHERE id = NEW.id;
END;

-- A registration is spent, and what the number had before goes, in the
-- statement that writes its account.
CREATE TRIGGER account_made AFTER INSERT ON accounts WHEN NEW.registration IS NOT NULL OR NEW.moved IS NOT NULL BEGIN
	DELETE FROM registrations WHERE id = NEW.registration;
	DELETE FROM withdrawn WHERE id IN (NEW.id, NEW.moved);
	DELETE FROM accounts WHERE id = NEW.moved;
	UPDATE accounts SET registration = NULL, moved = NULL WHERE id = NEW.id;
END;
CREATE TRIGGER account_remade AFTER UPDATE OF registration ON accounts WHEN NEW.registration IS NOT NULL AND NEW.left_at IS NULL BEGIN
	DELETE FROM registrations WHERE id = NEW.registration;
	UPDATE accounts SET registration = NULL WHERE id = NEW.id;
END;
CREATE TRIGGER record_put AFTER UPDATE OF put ON accounts WHEN NEW.put IS NOT NULL BEGIN
	INSERT INTO counts (key, at, until) VALUES (NEW.id, NEW.put, NEW.put + 86400);
	UPDATE accounts SET put = NULL WHERE id = NEW.id;
END;

-- Who withdraws is erased; the budget belongs to the number and is kept until it
-- is full again.
CREATE TRIGGER account_left AFTER UPDATE OF left_at ON accounts WHEN NEW.left_at IS NOT NULL BEGIN
	INSERT OR REPLACE INTO withdrawn (id, used, used_at, barred, until)
		SELECT NEW.id, NEW.used, NEW.used_at, NEW.barred, until FROM (
			SELECT max(NEW.barred, NEW.used_at + (NEW.used + refill - 1) / refill) AS until FROM directory)
		WHERE until > NEW.left_at;
	DELETE FROM registrations WHERE id = NEW.registration;
	DELETE FROM counts WHERE key = NEW.id;
	DELETE FROM accounts WHERE id = NEW.id;
END;

-- What changes of what is published is written down for the next state.
CREATE TRIGGER tag_added AFTER INSERT ON accounts
WHEN NEW.listed = 1 AND NEW.epoch = (SELECT epoch FROM directory) BEGIN
	INSERT INTO journal (tag, id, was) VALUES (NEW.tag, NEW.id, NULL);
END;
CREATE TRIGGER record_changed AFTER UPDATE OF listed, record ON accounts
WHEN (OLD.listed = 1 OR NEW.listed = 1) AND NEW.epoch = (SELECT epoch FROM directory) BEGIN
	INSERT INTO journal (tag, id, was) VALUES (OLD.tag, OLD.id, iif(OLD.listed = 1, OLD.record, NULL));
END;
CREATE TRIGGER tag_removed AFTER DELETE ON accounts
WHEN OLD.listed = 1 AND OLD.epoch = (SELECT epoch FROM directory) BEGIN
	INSERT INTO journal (tag, id, was) VALUES (OLD.tag, OLD.id, OLD.record);
END;

-- An entry of the log is the newest state, in the same statement.
CREATE TRIGGER published_state AFTER INSERT ON log BEGIN
	UPDATE directory SET size = NEW.n + 1, read = NEW.read;
	DELETE FROM journal WHERE seq <= NEW.read;
END;

-- An epoch begins with nobody.
CREATE TRIGGER epoch_begun AFTER INSERT ON epochs BEGIN
	UPDATE directory SET epoch = NEW.epoch;
	DELETE FROM journal;
END;

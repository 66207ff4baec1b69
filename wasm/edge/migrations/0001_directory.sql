-- Times are Unix seconds, flags 0 or 1, all numbers below 2^53: D1 hands them
-- through JavaScript.

-- One row. No secret is in the database; keys come from the seed.
CREATE TABLE directory (
	one         INTEGER PRIMARY KEY CHECK (one = 1),
	key         TEXT    NOT NULL, -- verifier key of the notes, '' before the first start
	epoch       INTEGER NOT NULL,
	bucket_bits INTEGER NOT NULL, -- changes with the epoch only
	version     INTEGER NOT NULL, -- of the last change of a published tag or record
	floor       INTEGER NOT NULL  -- the version with which the epoch began
);
INSERT INTO directory VALUES (1, '', 1, 0, 1, 1);

-- Everything that is held about a person.
CREATE TABLE accounts (
	id           BLOB    PRIMARY KEY, -- 16 bytes; tells nothing without the epoch's key
	epoch        INTEGER NOT NULL,
	credential   BLOB    NOT NULL UNIQUE, -- SHA-256
	search       INTEGER NOT NULL, -- scope: may spend evaluations
	listed       INTEGER NOT NULL, -- scope discoverable: tag and record are published
	tag          BLOB    NOT NULL, -- 5 bytes
	bucket       INTEGER NOT NULL,
	record       BLOB    NOT NULL, -- 64 bytes, sealed by the person's client
	consent      BLOB    NOT NULL, -- SHA-256 of the text that was agreed to
	registered   INTEGER NOT NULL,
	used         INTEGER NOT NULL DEFAULT 0, -- level of the budget, in 1/86400 evaluation,
	used_at      INTEGER NOT NULL DEFAULT 0, -- at this time
	added        INTEGER NOT NULL DEFAULT 0, -- version that published the tag
	changed      INTEGER NOT NULL DEFAULT 0, -- version that last changed tag or record
	registration BLOB -- set only while it is being spent
) WITHOUT ROWID;
-- With the record, so that a bucket is read in one piece.
CREATE INDEX published ON accounts (epoch, bucket, tag, id, record) WHERE listed = 1;
CREATE INDEX unlisted ON accounts (epoch) WHERE listed = 0;
CREATE INDEX changed ON accounts (epoch, bucket, changed) WHERE listed = 1;

-- Codes that were sent and not used yet.
CREATE TABLE registrations (
	id      BLOB    PRIMARY KEY, -- 16 random bytes
	number  BLOB    NOT NULL, -- keyed hash
	code    BLOB    NOT NULL, -- keyed hash
	tries   INTEGER NOT NULL, -- left
	sent    INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	address BLOB -- keyed hash; set only while the send is being counted
) WITHOUT ROWID;
CREATE INDEX expiring ON registrations (expires);

-- Sends of the last hour, for each number and each network address.
CREATE TABLE sends (
	key BLOB    NOT NULL, -- keyed hash of the number or the address
	at  INTEGER NOT NULL
);
CREATE INDEX counted ON sends (key, at);
CREATE INDEX forgotten ON sends (at);

-- Buckets that changed in this epoch. One that is not here has the version
-- with which the epoch began.
CREATE TABLE buckets (
	bucket  INTEGER PRIMARY KEY,
	version INTEGER NOT NULL,
	floor   INTEGER NOT NULL DEFAULT 0 -- removals up to this version are forgotten
);

-- Tags that are published no more, for whoever has an older file.
CREATE TABLE removals (
	version INTEGER PRIMARY KEY, -- that removed the tag
	bucket  INTEGER NOT NULL,
	tag     BLOB    NOT NULL,
	added   INTEGER NOT NULL, -- version that had published it
	at      INTEGER NOT NULL
);
CREATE INDEX removed ON removals (bucket, version);
CREATE INDEX removed_at ON removals (at);

-- A send is counted in the statement that begins a registration.
CREATE TRIGGER registration_begun AFTER INSERT ON registrations BEGIN
	INSERT INTO sends (key, at) VALUES (NEW.number, NEW.sent), (NEW.address, NEW.sent);
	UPDATE registrations SET address = NULL WHERE id = NEW.id;
END;

-- A registration is spent in the statement that writes its account.
CREATE TRIGGER account_made AFTER INSERT ON accounts WHEN NEW.registration IS NOT NULL BEGIN
	DELETE FROM registrations WHERE id = NEW.registration;
	UPDATE accounts SET registration = NULL WHERE id = NEW.id;
END;
CREATE TRIGGER account_remade AFTER UPDATE OF registration ON accounts WHEN NEW.registration IS NOT NULL BEGIN
	DELETE FROM registrations WHERE id = NEW.registration;
	UPDATE accounts SET registration = NULL WHERE id = NEW.id;
END;

-- What is published carries a version.
-- A row that is brought in with its version, as from another database, keeps it.
CREATE TRIGGER tag_added AFTER INSERT ON accounts WHEN NEW.listed = 1 AND NEW.added = 0 BEGIN
	UPDATE directory SET version = version + 1;
	INSERT INTO buckets (bucket, version) SELECT NEW.bucket, version FROM directory WHERE true
		ON CONFLICT (bucket) DO UPDATE SET version = excluded.version;
	UPDATE accounts SET (added, changed) = (SELECT version, version FROM directory) WHERE id = NEW.id;
END;
CREATE TRIGGER record_changed AFTER UPDATE OF listed, record ON accounts WHEN OLD.listed = 1 OR NEW.listed = 1 BEGIN
	UPDATE directory SET version = version + 1;
	INSERT INTO buckets (bucket, version) SELECT NEW.bucket, version FROM directory WHERE true
		ON CONFLICT (bucket) DO UPDATE SET version = excluded.version;
	INSERT INTO removals (version, bucket, tag, added, at)
		SELECT version, OLD.bucket, OLD.tag, OLD.added, unixepoch() FROM directory WHERE NEW.listed = 0;
	UPDATE accounts SET changed = (SELECT version FROM directory),
		added = iif(OLD.listed = 1, OLD.added, (SELECT version FROM directory)) WHERE id = NEW.id;
END;
CREATE TRIGGER tag_removed AFTER DELETE ON accounts
WHEN OLD.listed = 1 AND OLD.epoch = (SELECT epoch FROM directory) BEGIN
	UPDATE directory SET version = version + 1;
	INSERT INTO buckets (bucket, version) SELECT OLD.bucket, version FROM directory WHERE true
		ON CONFLICT (bucket) DO UPDATE SET version = excluded.version;
	INSERT INTO removals (version, bucket, tag, added, at)
		SELECT version, OLD.bucket, OLD.tag, OLD.added, unixepoch() FROM directory;
END;
CREATE TRIGGER removal_forgotten AFTER DELETE ON removals BEGIN
	UPDATE buckets SET floor = max(floor, OLD.version) WHERE bucket = OLD.bucket;
END;

-- Nothing of an earlier epoch is published, and its buckets may be others.
-- Accounts are erased by the service, a piece at a time.
CREATE TRIGGER epoch_begun AFTER UPDATE OF epoch ON directory BEGIN
	DELETE FROM buckets;
	DELETE FROM removals;
	UPDATE directory SET version = version + 1, floor = version + 1;
END;

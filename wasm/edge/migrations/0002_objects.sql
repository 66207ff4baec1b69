-- What is published lies in files, or objects, and no more in tables.
DROP TABLE files;
DROP TABLE parts;

-- Lengths of a publication's files in bytes, '' where nobody wrote them down.
ALTER TABLE log ADD COLUMN sizes TEXT NOT NULL DEFAULT '';

-- A publication reads the journal page by page, in the order of tags.
CREATE INDEX journal_tag ON journal (tag, seq);

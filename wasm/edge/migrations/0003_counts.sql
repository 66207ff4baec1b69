-- What is counted of an account goes with it, however it goes: records put,
-- under its id, and moves tried, under its id and "move".
CREATE TRIGGER account_gone AFTER DELETE ON accounts BEGIN
	DELETE FROM counts WHERE key IN (OLD.id, CAST(OLD.id || 'move' AS BLOB));
END;

-- RAISE(FAIL) in place of RAISE(ABORT): the guards refuse the same, but SQLite need not keep a way back for every row that is inserted,
-- a third of what an append costs. They refuse before the row is written, so there is nothing to take back.
DROP TRIGGER `audit_events_no_replace`;
--> statement-breakpoint
CREATE TRIGGER `audit_events_no_replace` BEFORE INSERT ON `audit_events`
WHEN EXISTS (SELECT 1 FROM audit_events WHERE seq = NEW.seq) OR EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)
BEGIN
	SELECT RAISE(FAIL, 'An audit event is never replaced');
END;
--> statement-breakpoint
DROP TRIGGER `audit_logs_no_replace`;
--> statement-breakpoint
CREATE TRIGGER `audit_logs_no_replace` BEFORE INSERT ON `audit_logs`
WHEN EXISTS (SELECT 1 FROM audit_logs WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM audit_logs WHERE scope = NEW.scope AND generation = NEW.generation)
BEGIN
	SELECT RAISE(FAIL, 'An audit log is never replaced');
END;
--> statement-breakpoint
DROP TRIGGER `audit_leaves_no_replace`;
--> statement-breakpoint
CREATE TRIGGER `audit_leaves_no_replace` BEFORE INSERT ON `audit_leaves`
WHEN EXISTS (SELECT 1 FROM audit_leaves WHERE event_seq = NEW.event_seq) OR EXISTS (SELECT 1 FROM audit_leaves WHERE log_id = NEW.log_id AND leaf_index = NEW.leaf_index)
BEGIN
	SELECT RAISE(FAIL, 'A leaf of the audit log is never replaced');
END;
--> statement-breakpoint
DROP TRIGGER `audit_tiles_no_replace`;
--> statement-breakpoint
CREATE TRIGGER `audit_tiles_no_replace` BEFORE INSERT ON `audit_tiles`
WHEN EXISTS (SELECT 1 FROM audit_tiles WHERE log_id = NEW.log_id AND level = NEW.level AND tile_index = NEW.tile_index)
BEGIN
	SELECT RAISE(FAIL, 'A tile of the audit log is never replaced');
END;
--> statement-breakpoint
DROP TRIGGER `audit_personal_no_replace`;
--> statement-breakpoint
CREATE TRIGGER `audit_personal_no_replace` BEFORE INSERT ON `audit_personal`
WHEN EXISTS (SELECT 1 FROM audit_personal WHERE event_id = NEW.event_id)
BEGIN
	SELECT RAISE(FAIL, 'A disclosure is never replaced');
END;

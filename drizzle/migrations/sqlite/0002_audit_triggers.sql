-- The audit tables only grow. Who owns the file can drop a trigger: `npm run audit:verify` is for that.
-- REPLACE removes rows without a DELETE trigger, so it is refused by itself; for dedup and subjects a second INSERT changes nothing.
INSERT INTO audit_unsequenced (event_seq) SELECT seq FROM audit_events ORDER BY seq;
--> statement-breakpoint
CREATE TRIGGER `audit_events_queue` AFTER INSERT ON `audit_events`
BEGIN
	INSERT INTO audit_unsequenced (event_seq) VALUES (NEW.seq);
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_no_update` BEFORE UPDATE ON `audit_events`
BEGIN
	SELECT RAISE(ABORT, 'An audit event is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_dedup_no_update` BEFORE UPDATE ON `audit_dedup`
BEGIN
	SELECT RAISE(ABORT, 'What was received is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_logs_no_update` BEFORE UPDATE ON `audit_logs`
BEGIN
	SELECT RAISE(ABORT, 'An audit log is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_leaves_no_update` BEFORE UPDATE ON `audit_leaves`
BEGIN
	SELECT RAISE(ABORT, 'A leaf of the audit log is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_tiles_no_update` BEFORE UPDATE ON `audit_tiles`
BEGIN
	SELECT RAISE(ABORT, 'A tile of the audit log is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_personal_no_update` BEFORE UPDATE ON `audit_personal`
BEGIN
	SELECT RAISE(ABORT, 'A disclosure is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_subjects_no_update` BEFORE UPDATE ON `audit_subjects`
BEGIN
	SELECT RAISE(ABORT, 'A subject''s key is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_unsequenced_no_update` BEFORE UPDATE ON `audit_unsequenced`
BEGIN
	SELECT RAISE(ABORT, 'What waits for its leaf is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_no_delete` BEFORE DELETE ON `audit_events`
BEGIN
	SELECT RAISE(ABORT, 'An audit event is never removed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_dedup_no_delete` BEFORE DELETE ON `audit_dedup`
BEGIN
	SELECT RAISE(ABORT, 'What was received is never forgotten');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_logs_no_delete` BEFORE DELETE ON `audit_logs`
BEGIN
	SELECT RAISE(ABORT, 'An audit log is never removed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_leaves_no_delete` BEFORE DELETE ON `audit_leaves`
BEGIN
	SELECT RAISE(ABORT, 'A leaf of the audit log is never removed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_tiles_no_delete` BEFORE DELETE ON `audit_tiles`
BEGIN
	SELECT RAISE(ABORT, 'A tile of the audit log is never removed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_unsequenced_no_delete` BEFORE DELETE ON `audit_unsequenced`
WHEN NOT EXISTS (SELECT 1 FROM audit_leaves WHERE event_seq = OLD.event_seq)
BEGIN
	SELECT RAISE(ABORT, 'An event leaves the queue by its leaf alone');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_subjects_no_delete` BEFORE DELETE ON `audit_subjects`
WHEN NOT EXISTS (
	SELECT 1 FROM audit_unsequenced JOIN audit_events ON seq = event_seq
	WHERE action = 'privacy.erased' AND resource_id = OLD.id
)
BEGIN
	SELECT RAISE(ABORT, 'A subject is erased together with its event privacy.erased alone');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_personal_no_delete` BEFORE DELETE ON `audit_personal`
WHEN NOT EXISTS (
	SELECT 1 FROM audit_unsequenced JOIN audit_events ON seq = event_seq
	WHERE action = 'privacy.erased' AND resource_id = OLD.subject_id
)
BEGIN
	SELECT RAISE(ABORT, 'A disclosure is erased together with the event privacy.erased of its subject alone');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_no_replace` BEFORE INSERT ON `audit_events`
WHEN EXISTS (SELECT 1 FROM audit_events WHERE seq = NEW.seq) OR EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)
BEGIN
	SELECT RAISE(ABORT, 'An audit event is never replaced');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_logs_no_replace` BEFORE INSERT ON `audit_logs`
WHEN EXISTS (SELECT 1 FROM audit_logs WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM audit_logs WHERE scope = NEW.scope AND generation = NEW.generation)
BEGIN
	SELECT RAISE(ABORT, 'An audit log is never replaced');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_leaves_no_replace` BEFORE INSERT ON `audit_leaves`
WHEN EXISTS (SELECT 1 FROM audit_leaves WHERE event_seq = NEW.event_seq) OR EXISTS (SELECT 1 FROM audit_leaves WHERE log_id = NEW.log_id AND leaf_index = NEW.leaf_index)
BEGIN
	SELECT RAISE(ABORT, 'A leaf of the audit log is never replaced');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_tiles_no_replace` BEFORE INSERT ON `audit_tiles`
WHEN EXISTS (SELECT 1 FROM audit_tiles WHERE log_id = NEW.log_id AND level = NEW.level AND tile_index = NEW.tile_index)
BEGIN
	SELECT RAISE(ABORT, 'A tile of the audit log is never replaced');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_personal_no_replace` BEFORE INSERT ON `audit_personal`
WHEN EXISTS (SELECT 1 FROM audit_personal WHERE event_id = NEW.event_id)
BEGIN
	SELECT RAISE(ABORT, 'A disclosure is never replaced');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_dedup_no_replace` BEFORE INSERT ON `audit_dedup`
WHEN EXISTS (SELECT 1 FROM audit_dedup WHERE source = NEW.source AND external_id = NEW.external_id)
BEGIN
	SELECT RAISE(IGNORE);
END;
--> statement-breakpoint
CREATE TRIGGER `audit_subjects_no_replace` BEFORE INSERT ON `audit_subjects`
WHEN EXISTS (SELECT 1 FROM audit_subjects WHERE id = NEW.id)
BEGIN
	SELECT RAISE(IGNORE);
END;

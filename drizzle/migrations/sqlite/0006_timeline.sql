CREATE TABLE `timeline_hours` (
	`hour` integer NOT NULL,
	`category` text NOT NULL,
	`severity` text NOT NULL,
	`outcome` text NOT NULL,
	`events` integer NOT NULL,
	PRIMARY KEY(`hour`, `category`, `severity`, `outcome`)
);
--> statement-breakpoint
CREATE TABLE `timeline_views` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`name` text NOT NULL,
	`filter_box` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `timeline_views_name` ON `timeline_views` (`owner_id`,`name`);--> statement-breakpoint
-- What free text looks for in an event: no personal data, so that an erasure has nothing to do here. Words of the action also by themselves.
CREATE VIEW `timeline_words` AS SELECT e.seq AS seq, e.action || ' ' || replace(replace(e.action, '.', ' '), '_', ' ') || ' ' || e.source
	|| ' ' || e.actor_id || ' ' || e.resource_type || ' ' || e.resource_id || ' ' || coalesce(e.external_id, '')
	|| ' ' || coalesce((SELECT t.slug || ' ' || t.name FROM tenants t WHERE t.id = e.tenant_id), '')
	|| ' ' || coalesce((SELECT group_concat(d.value, ' ') FROM json_each(e.content, '$.data') d WHERE d.type = 'text'), '') AS words
FROM audit_events e;
--> statement-breakpoint
CREATE VIRTUAL TABLE `timeline_search` USING fts5(words, content='', contentless_delete=1, detail=none, tokenize="unicode61 tokenchars '@._-'");
--> statement-breakpoint
INSERT INTO timeline_search (rowid, words) SELECT w.seq, w.words FROM audit_leaves f JOIN timeline_words w ON w.seq = f.event_seq ORDER BY w.seq;
--> statement-breakpoint
INSERT INTO timeline_hours (hour, category, severity, outcome, events)
	SELECT CAST(floor(at / 3600000.0) AS INTEGER), category, severity, outcome, count(*)
	FROM audit_leaves JOIN audit_events ON seq = event_seq GROUP BY 1, 2, 3, 4;

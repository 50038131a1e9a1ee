CREATE TABLE `ingest_rejects` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`source_id` text NOT NULL,
	`at` integer NOT NULL,
	`place` text NOT NULL,
	`offset` integer NOT NULL,
	`length` integer NOT NULL,
	`digest` text NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `ingest_rejects_source` ON `ingest_rejects` (`source_id`,`id`);--> statement-breakpoint
CREATE TABLE `ingest_sources` (
	`id` text PRIMARY KEY NOT NULL,
	`cursor` text,
	`basis` text,
	`complete_to` integer,
	`last_run_at` integer,
	`last_ok_at` integer,
	`last_event_at` integer,
	`last_error` text,
	`last_error_at` integer,
	`note` text,
	`accepted` integer DEFAULT 0 NOT NULL,
	`duplicate` integer DEFAULT 0 NOT NULL,
	`skipped` integer DEFAULT 0 NOT NULL,
	`bad` integer DEFAULT 0 NOT NULL,
	`next_due_at` integer DEFAULT 0 NOT NULL,
	`paused` integer DEFAULT false NOT NULL,
	`settings` text,
	`secret_box` text,
	`version` integer DEFAULT 0 NOT NULL
);

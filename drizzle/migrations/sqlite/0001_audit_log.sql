CREATE TABLE `audit_leaves` (
	`event_seq` integer PRIMARY KEY NOT NULL,
	`log_id` integer NOT NULL,
	`leaf_index` integer NOT NULL,
	`hash` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_leaves_index` ON `audit_leaves` (`log_id`,`leaf_index`);--> statement-breakpoint
CREATE TABLE `audit_logs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`scope` text NOT NULL,
	`generation` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_logs_generation` ON `audit_logs` (`scope`,`generation`);--> statement-breakpoint
CREATE TABLE `audit_tiles` (
	`log_id` integer NOT NULL,
	`level` integer NOT NULL,
	`tile_index` integer NOT NULL,
	`root` blob NOT NULL,
	`hashes` blob NOT NULL,
	PRIMARY KEY(`log_id`, `level`, `tile_index`)
);
--> statement-breakpoint
CREATE TABLE `audit_unsequenced` (
	`event_seq` integer PRIMARY KEY NOT NULL
);

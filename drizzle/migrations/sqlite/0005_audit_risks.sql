CREATE TABLE `audit_assessed` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_risks` (
	`event_seq` integer PRIMARY KEY NOT NULL,
	`score` integer NOT NULL,
	`anomalous` integer NOT NULL,
	`factors` text NOT NULL,
	`rules` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_risks_score` ON `audit_risks` (`score`,`event_seq`);
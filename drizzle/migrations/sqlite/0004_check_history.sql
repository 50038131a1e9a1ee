CREATE TABLE `check_days` (
	`domain_id` text NOT NULL,
	`check_id` text NOT NULL,
	`day` integer NOT NULL,
	`warn_sec` integer DEFAULT 0 NOT NULL,
	`fail_sec` integer DEFAULT 0 NOT NULL,
	`unknown_sec` integer DEFAULT 0 NOT NULL,
	`retries` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`domain_id`, `check_id`, `day`)
);
--> statement-breakpoint
CREATE INDEX `check_days_day` ON `check_days` (`day`);--> statement-breakpoint
CREATE TABLE `check_deviations` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`domain_id` text NOT NULL,
	`check_id` text NOT NULL,
	`status` text NOT NULL,
	`code` text NOT NULL,
	`reason` text NOT NULL,
	`accepted_by` text NOT NULL,
	`accepted_at` integer NOT NULL,
	`until` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`domain_id`) REFERENCES `audit_domains`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `check_deviations_live` ON `check_deviations` (`domain_id`,`check_id`) WHERE "check_deviations"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `check_deviations_until` ON `check_deviations` (`until`) WHERE "check_deviations"."ended_at" is null;--> statement-breakpoint
ALTER TABLE `audit_checks` ADD `known_since` integer;--> statement-breakpoint
ALTER TABLE `audit_checks` ADD `retried_at` integer;--> statement-breakpoint
ALTER TABLE `audit_domains` ADD `hours` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `audit_domains` ADD `days` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `audit_domains` ADD `strip_at` integer;--> statement-breakpoint
ALTER TABLE `check_cycle` ADD `cycle` integer DEFAULT -1 NOT NULL;--> statement-breakpoint
ALTER TABLE `check_cycle` ADD `seen` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `check_cycle` ADD `answered` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `check_cycle` ADD `lost` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `check_cycle` ADD `pruned_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `check_transitions_at` ON `check_transitions` (`at`);
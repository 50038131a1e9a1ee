CREATE TABLE `extended_checks` (
	`tenant_id` text NOT NULL,
	`domain_id` text NOT NULL,
	`check_id` text NOT NULL,
	`status` text NOT NULL,
	`reason` text NOT NULL,
	`params` text NOT NULL,
	`evidence` text NOT NULL,
	`latency_ms` integer NOT NULL,
	`checked_at` integer NOT NULL,
	`since` integer NOT NULL,
	`last_known_status` text,
	`last_known_reason` text,
	`last_known_at` integer,
	`next_due_at` integer NOT NULL,
	`memory` text,
	PRIMARY KEY(`tenant_id`, `domain_id`, `check_id`),
	FOREIGN KEY (`domain_id`) REFERENCES `audit_domains`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `extended_transitions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`domain_id` text NOT NULL,
	`check_id` text NOT NULL,
	`at` integer NOT NULL,
	`from_status` text,
	`to_status` text NOT NULL,
	`reason` text NOT NULL,
	`params` text NOT NULL,
	`found` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `extended_transitions_domain` ON `extended_transitions` (`domain_id`,`check_id`,`at`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `audit_domains` ADD `extended_due_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `audit_domains` ADD `extended_claim_token` text;--> statement-breakpoint
ALTER TABLE `audit_domains` ADD `extended_claim_until` integer;--> statement-breakpoint
CREATE INDEX `audit_domains_extended_due` ON `audit_domains` (`extended_due_at`);
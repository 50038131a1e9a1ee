CREATE TABLE `oidc_records` (
	`model` text NOT NULL,
	`id` text NOT NULL,
	`payload` text NOT NULL,
	`grant_id` text,
	`uid` text,
	`expires_at` integer,
	PRIMARY KEY(`model`, `id`)
);
--> statement-breakpoint
CREATE INDEX `oidc_records_grant` ON `oidc_records` (`grant_id`);--> statement-breakpoint
CREATE INDEX `oidc_records_uid` ON `oidc_records` (`model`,`uid`);--> statement-breakpoint
CREATE INDEX `oidc_records_expiry` ON `oidc_records` (`expires_at`);--> statement-breakpoint
CREATE TABLE `operator_accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`groups` text NOT NULL,
	`password_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `operator_accounts_username_unique` ON `operator_accounts` (`username`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	`email` text,
	`name` text,
	`role` text NOT NULL,
	`active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`last_sign_in_at` integer,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_identity` ON `users` (`issuer`,`subject`);--> statement-breakpoint
CREATE TABLE `audit_dedup` (
	`source` text NOT NULL,
	`external_id` text NOT NULL,
	`event_id` text NOT NULL,
	PRIMARY KEY(`source`, `external_id`)
);
--> statement-breakpoint
CREATE TABLE `audit_events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`scope` text NOT NULL,
	`source` text NOT NULL,
	`external_id` text,
	`action` text NOT NULL,
	`category` text NOT NULL,
	`severity` text NOT NULL,
	`outcome` text NOT NULL,
	`actor_type` text NOT NULL,
	`actor_id` text NOT NULL,
	`resource_type` text NOT NULL,
	`resource_id` text NOT NULL,
	`tenant_id` text,
	`partner_id` text,
	`content` text NOT NULL,
	`content_hash` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_events_id_unique` ON `audit_events` (`id`);--> statement-breakpoint
CREATE INDEX `audit_events_at` ON `audit_events` (`at`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_events_partner` ON `audit_events` (`partner_id`,`at`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_events_tenant` ON `audit_events` (`tenant_id`,`at`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_events_actor` ON `audit_events` (`actor_id`,`at`,`seq`);--> statement-breakpoint
CREATE TABLE `audit_personal` (
	`event_id` text PRIMARY KEY NOT NULL,
	`subject_id` text NOT NULL,
	`salt` blob NOT NULL,
	`box` text NOT NULL,
	`ip_tag` text
);
--> statement-breakpoint
CREATE INDEX `audit_personal_subject` ON `audit_personal` (`subject_id`);--> statement-breakpoint
CREATE INDEX `audit_personal_ip` ON `audit_personal` (`ip_tag`);--> statement-breakpoint
CREATE TABLE `audit_subjects` (
	`id` text PRIMARY KEY NOT NULL,
	`key_box` text NOT NULL,
	`email_tag` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_checks` (
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
	PRIMARY KEY(`tenant_id`, `domain_id`, `check_id`),
	FOREIGN KEY (`domain_id`) REFERENCES `audit_domains`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `audit_domains` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`domain` text NOT NULL,
	`mail_host_id` text,
	`dkim` text NOT NULL,
	`sends` integer DEFAULT true NOT NULL,
	`receives` integer DEFAULT true NOT NULL,
	`webmail_host` text,
	`source` text NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	`version` integer DEFAULT 1 NOT NULL,
	`status` text DEFAULT 'pending' NOT NULL,
	`score` integer,
	`max` integer,
	`cells` text DEFAULT '........' NOT NULL,
	`last_audit_at` integer,
	`status_since` integer,
	`next_due_at` integer NOT NULL,
	`claim_token` text,
	`claim_until` integer,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`mail_host_id`) REFERENCES `mail_hosts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_domains_domain_live` ON `audit_domains` (`domain`) WHERE "audit_domains"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX `audit_domains_tenant` ON `audit_domains` (`tenant_id`);--> statement-breakpoint
CREATE INDEX `audit_domains_due` ON `audit_domains` (`next_due_at`);--> statement-breakpoint
CREATE INDEX `audit_domains_faulty` ON `audit_domains` (`mail_host_id`) WHERE "audit_domains"."deleted_at" is null and "audit_domains"."status" in ('failing', 'unknown');--> statement-breakpoint
CREATE TABLE `check_cycle` (
	`id` integer PRIMARY KEY NOT NULL,
	`last_tick_at` integer NOT NULL,
	`fault` text,
	`fault_since` integer
);
--> statement-breakpoint
CREATE TABLE `check_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`domain_id` text,
	`status` text NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`total` integer NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	`owner` text NOT NULL,
	`heartbeat_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `check_runs_open` ON `check_runs` (`tenant_id`,`status`);--> statement-breakpoint
CREATE TABLE `check_transitions` (
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
CREATE INDEX `check_transitions_domain` ON `check_transitions` (`domain_id`,`check_id`,`at`);--> statement-breakpoint
CREATE TABLE `webhook_events` (
	`id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`external_id` text NOT NULL,
	`type` text NOT NULL,
	`event_time` integer NOT NULL,
	`received_at` integer NOT NULL,
	`tenant_slug` text,
	`domain` text,
	`digest` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_events_once` ON `webhook_events` (`source`,`external_id`);--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`fence` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `live_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`type` text NOT NULL,
	`tenant_id` text,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `live_events_at` ON `live_events` (`at`);--> statement-breakpoint
CREATE TABLE `mail_hosts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`health_url` text NOT NULL,
	`admin_url` text,
	`admin_user` text,
	`admin_password_box` text,
	`mx` text NOT NULL,
	`sending_addresses` text NOT NULL,
	`frontends` text NOT NULL,
	`webmail` text NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mail_hosts_name_live` ON `mail_hosts` (`name`) WHERE "mail_hosts"."deleted_at" is null;--> statement-breakpoint
CREATE TABLE `partners` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `partners_slug_unique` ON `partners` (`slug`);--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`plan` text,
	`status` text DEFAULT 'active' NOT NULL,
	`partner_id` text,
	`created_at` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`partner_id`) REFERENCES `partners`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tenants_slug_unique` ON `tenants` (`slug`);
// Package flaskdb makes MySQL databases as the Flask application leaves them,
// for the tests of moving in: the tables as its start-up creates them, and rows
// with every oddity that the contract lists.
package flaskdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Variant is one of the forms in which live databases exist. The tables cannot be
// created as the application declares them: three link tables have a key from
// VARCHAR to INTEGER.
type Variant string

// The variants.
const (
	// Repaired has INTEGER columns and keys in the link tables.
	Repaired Variant = "repaired"
	// NoKey has VARCHAR columns without keys on InnoDB.
	NoKey Variant = "no key"
	// MyISAM has VARCHAR columns, and no foreign keys at all, in latin1.
	MyISAM Variant = "MyISAM"
)

// Variants are all of them.
var Variants = []Variant{Repaired, NoKey, MyISAM} // A constant table.

// table is a table as SQLAlchemy creates it: columns and constraints, a line each.
type table struct {
	name  string
	lines string
}

// tables are in the order of their foreign keys.
var tables = []table{ // A constant table.
	{"user", `
		id INTEGER NOT NULL AUTO_INCREMENT
		name VARCHAR(16) NOT NULL
		email VARCHAR(32)
		avatar_url VARCHAR(128) NOT NULL
		small_avatar_url VARCHAR(128) NOT NULL
		profile_desc VARCHAR(256) NOT NULL
		password_hash VARCHAR(128) NOT NULL
		private BOOL NOT NULL
		email_private BOOL NOT NULL
		stay_logged_in BOOL NOT NULL
		block_all_friendship_requests BOOL NOT NULL
		sign_up_complete BOOL NOT NULL
		token VARCHAR(32)
		email_pending_verification VARCHAR(32)
		email_verification_case_id VARCHAR(32)
		email_verification_code VARCHAR(8)
		reset_password_case_id VARCHAR(32)
		reset_password_code_hash VARCHAR(128)
		PRIMARY KEY (id)
		UNIQUE (id)
		UNIQUE (name)
		UNIQUE (email)
		CHECK (private IN (0, 1))
		CHECK (email_private IN (0, 1))
		CHECK (stay_logged_in IN (0, 1))
		CHECK (block_all_friendship_requests IN (0, 1))
		CHECK (sign_up_complete IN (0, 1))
		UNIQUE (email_pending_verification)
		UNIQUE (email_verification_case_id)
		UNIQUE (reset_password_case_id)`},
	{"friendship", `
		id INTEGER NOT NULL AUTO_INCREMENT
		user_id INTEGER NOT NULL
		friend_id INTEGER NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(user_id) REFERENCES user (id)`},
	{"friendship_request", `
		id INTEGER NOT NULL AUTO_INCREMENT
		from_id INTEGER NOT NULL
		to_id INTEGER NOT NULL
		datetime DATETIME NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(to_id) REFERENCES user (id)`},
	{"msg", `
		id INTEGER NOT NULL AUTO_INCREMENT
		content VARCHAR(1024) NOT NULL
		from_id INTEGER NOT NULL
		to_id INTEGER NOT NULL
		datetime DATETIME NOT NULL
		seen BOOL NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(to_id) REFERENCES user (id)
		CHECK (seen IN (0, 1))`},
	{"project", `
		id INTEGER NOT NULL AUTO_INCREMENT
		name VARCHAR(32) NOT NULL
		owner_name VARCHAR(16) NOT NULL
		project_desc VARCHAR(128) NOT NULL
		visibility VARCHAR(16) NOT NULL
		invite_code VARCHAR(32) NOT NULL
		invite_as_admin_code VARCHAR(32) NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(owner_name) REFERENCES user (name)
		UNIQUE (invite_code)
		UNIQUE (invite_as_admin_code)`},
	{"project_collaborator_link", `
		id INTEGER NOT NULL AUTO_INCREMENT
		project_id INTEGER NOT NULL
		user_id LINK NOT NULL
		user_role VARCHAR(32) NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(project_id) REFERENCES project (id)
		LINKKEY`},
	{"list", `
		id INTEGER NOT NULL AUTO_INCREMENT
		project_id INTEGER NOT NULL
		name VARCHAR(64) NOT NULL
		list_desc VARCHAR(2048) NOT NULL
		pos INTEGER NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(project_id) REFERENCES project (id)`},
	{"card", `
		id INTEGER NOT NULL AUTO_INCREMENT
		list_id INTEGER NOT NULL
		name VARCHAR(64) NOT NULL
		card_desc VARCHAR(2048) NOT NULL
		img_url VARCHAR(256)
		pos INTEGER NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(list_id) REFERENCES list (id)`},
	{"list_attached_file", `
		id INTEGER NOT NULL AUTO_INCREMENT
		list_id INTEGER NOT NULL
		url VARCHAR(256) NOT NULL
		name VARCHAR(128) NOT NULL
		PRIMARY KEY (id, url)
		UNIQUE (id)
		FOREIGN KEY(list_id) REFERENCES list (id)
		UNIQUE (url)`},
	{"card_attached_file", `
		id INTEGER NOT NULL AUTO_INCREMENT
		card_id INTEGER NOT NULL
		url VARCHAR(256) NOT NULL
		name VARCHAR(128) NOT NULL
		PRIMARY KEY (id, url)
		UNIQUE (id)
		FOREIGN KEY(card_id) REFERENCES card (id)
		UNIQUE (url)`},
	{"card_user_assignment", `
		id INTEGER NOT NULL AUTO_INCREMENT
		card_id INTEGER NOT NULL
		user_id INTEGER NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(card_id) REFERENCES card (id)
		FOREIGN KEY(user_id) REFERENCES user (id)`},
	{"chat_group", `
		id INTEGER NOT NULL AUTO_INCREMENT
		name VARCHAR(32) NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)`},
	{"chat_group_member_link", `
		id INTEGER NOT NULL AUTO_INCREMENT
		chat_group_id INTEGER NOT NULL
		user_id LINK NOT NULL
		user_role VARCHAR(32) NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(chat_group_id) REFERENCES chat_group (id)
		LINKKEY`},
	{"project_chat_group", `
		id INTEGER NOT NULL AUTO_INCREMENT
		name VARCHAR(32) NOT NULL
		project_id INTEGER NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(project_id) REFERENCES project (id)`},
	{"project_chat_group_member_link", `
		id INTEGER NOT NULL AUTO_INCREMENT
		project_chat_group_id INTEGER NOT NULL
		user_id LINK NOT NULL
		user_role VARCHAR(32) NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(project_chat_group_id) REFERENCES project_chat_group (id)
		LINKKEY`},
	{"chat_group_msg", message("chat_group")},
	{"project_chat_group_msg", message("project_chat_group")},
	{"chat_group_msg_status", status("chat_group")},
	{"project_chat_group_msg_status", status("project_chat_group")},
	{"history_list_created", history("list_desc VARCHAR(2048) NOT NULL", "attached_files VARCHAR(1024) NOT NULL")},
	{"history_list_deleted", history("list_desc VARCHAR(2048) NOT NULL", "attached_files VARCHAR(1024) NOT NULL", "deleted_cards VARCHAR(1024) NOT NULL")},
	{"history_card_created", history("list_name VARCHAR(64) NOT NULL", "card_desc VARCHAR(2048) NOT NULL", "attached_files VARCHAR(1024) NOT NULL", "assigned_users VARCHAR(1024) NOT NULL")},
	{"history_card_deleted", history("list_name VARCHAR(64) NOT NULL", "card_desc VARCHAR(2048) NOT NULL", "attached_files VARCHAR(1024) NOT NULL", "assigned_users VARCHAR(1024) NOT NULL")},
	{"history_card_changed_list", `
		event_id INTEGER NOT NULL AUTO_INCREMENT
		id INTEGER
		datetime DATETIME NOT NULL
		project_id INTEGER NOT NULL
		name VARCHAR(64) NOT NULL
		old_list_name VARCHAR(64) NOT NULL
		new_list_name VARCHAR(64) NOT NULL
		PRIMARY KEY (event_id)
		UNIQUE (event_id)`},
}

func message(group string) string {
	return `
		id INTEGER NOT NULL AUTO_INCREMENT
		` + group + `_id INTEGER NOT NULL
		content VARCHAR(1024) NOT NULL
		from_id INTEGER NOT NULL
		datetime DATETIME NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(` + group + `_id) REFERENCES ` + group + ` (id)`
}

func status(group string) string {
	return `
		id INTEGER NOT NULL AUTO_INCREMENT
		user_id INTEGER NOT NULL
		` + group + `_id INTEGER NOT NULL
		` + group + `_msg_id INTEGER NOT NULL
		seen BOOL NOT NULL
		PRIMARY KEY (id)
		UNIQUE (id)
		FOREIGN KEY(user_id) REFERENCES user (id)
		CHECK (seen IN (0, 1))`
}

func history(columns ...string) string {
	return `
		id INTEGER NOT NULL AUTO_INCREMENT
		datetime DATETIME NOT NULL
		project_id INTEGER NOT NULL
		name VARCHAR(64) NOT NULL
		` + strings.Join(columns, "\n") + `
		PRIMARY KEY (id)
		UNIQUE (id)`
}

// createTables makes the 24 tables.
func createTables(ctx context.Context, db *sql.DB, v Variant) error {
	for _, t := range tables {
		if _, err := db.ExecContext(ctx, t.create(v)); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return nil
}

func (t table) create(v Variant) string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(t.lines)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "LINKKEY" && v == Repaired:
			line = "FOREIGN KEY(user_id) REFERENCES user (id)"
		case line == "LINKKEY", v == MyISAM && strings.HasPrefix(line, "FOREIGN KEY"):
			continue
		}
		link := "VARCHAR(16)"
		if v == Repaired {
			link = "INTEGER"
		}
		lines = append(lines, strings.Replace(line, "user_id LINK", "user_id "+link, 1))
	}
	end := ""
	if v == MyISAM {
		end = " ENGINE=MyISAM DEFAULT CHARSET=latin1"
	}
	return "CREATE TABLE `" + t.name + "` (\n\t" + strings.Join(lines, ",\n\t") + "\n)" + end
}

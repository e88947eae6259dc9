package flaskdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Password is that of every person, and hash is its bcrypt hash as the Flask
// application has written them (made by libxcrypt).
const (
	Password = "correct horse"
	hash     = "$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2"
)

// Bucket is where the files of the application lie.
const Bucket = "https://taskstack.s3.eu-central-1.amazonaws.com"

// Options of Make.
type Options struct {
	Variant Variant
	// Cards are made in addition to the oddities, in lists of 100.
	Cards int
}

// Make fills an empty MySQL database.
func Make(ctx context.Context, db *sql.DB, o Options) error {
	if err := createTables(ctx, db, o.Variant); err != nil {
		return err
	}
	rows := oddities
	if o.Variant != Repaired {
		rows += looseLinks
	}
	if o.Variant == MyISAM {
		rows += orphans
	}
	for line := range strings.SplitSeq(rows, ";\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		line = strings.NewReplacer("HASH", "'"+hash+"'", "BUCKET", Bucket).Replace(line)
		if _, err := db.ExecContext(ctx, line); err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	return makeCards(ctx, db, o.Cards)
}

// makeCards makes many cards in the lists of a project of their own.
func makeCards(ctx context.Context, db *sql.DB, cards int) error {
	if cards == 0 {
		return nil
	}
	if _, err := db.ExecContext(ctx, "INSERT INTO project VALUES (900, 'large', 'ana', 'many cards', 'private', 'large-code-900', 'large-admin-900')"); err != nil {
		return err
	}
	for made := 0; made < cards; made += 100 {
		list := 1000 + made/100
		if _, err := db.ExecContext(ctx, "INSERT INTO list VALUES (?, 900, ?, 'a list', ?)", list, fmt.Sprintf("List %d", list), made/100); err != nil {
			return err
		}
		var values []string
		for i := range min(100, cards-made) {
			id := 10_000 + made + i
			// Positions with holes, as interrupted moves leave them.
			values = append(values, fmt.Sprintf("(%d, %d, 'Card %d', '%s', NULL, %d)", id, list, id, strings.Repeat("What is to be done. ", 10), i*2))
		}
		for _, statement := range []string{
			"INSERT INTO card VALUES " + strings.Join(values, ","),
			fmt.Sprintf("INSERT INTO history_card_created SELECT id, '2020-09-01 12:00:00', 900, name, 'List', card_desc, '', '' FROM card WHERE list_id = %d", list),
		} {
			if _, err := db.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
	}
	return nil
}

// oddities are rows that every variant can have. The people are ana (1, owner),
// ben (2), cleo (3), dora (4, not complete) and eva (5, with an umlaut in what she
// writes); 77 is the id of a person who has deleted their account.
const oddities = `
INSERT INTO user VALUES
 (1, 'ana', 'ana@example.org', 'BUCKET/0123456789abcdef0123456789abcdef.png', 'BUCKET/1123456789abcdef0123456789abcdef.png', 'Grüße aus Köln', HASH, 0, 1, 1, 0, 1, 'tokentokentokentoken22', NULL, NULL, NULL, NULL, NULL),
 (2, 'Ben', 'ben@example.org', 'https://taskstack-static.s3.eu-central-1.amazonaws.com/img/default-avatars/b.png', 'https://taskstack-static.s3.eu-central-1.amazonaws.com/img/default-avatars/b-small.png', '', HASH, 1, 0, 0, 1, 1, NULL, 'ben2@example.org', '0123456789abcdef0123456789abcde1', 'cutcutcu', '0123456789abcdef0123456789abcde2', HASH),
 (3, CONCAT('cleo', CHAR(10)), 'cleo@example.org', 'BUCKET/2123456789abcdef0123456789abcdef.png', 'BUCKET/3123456789abcdef0123456789abcdef.png', '', HASH, 0, 1, 0, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL),
 (4, 'dora', NULL, 'BUCKET/4123456789abcdef0123456789abcdef.png', 'BUCKET/5123456789abcdef0123456789abcdef.png', '', HASH, 0, 1, 0, 0, 0, NULL, 'dora@example.org', '0123456789abcdef0123456789abcde3', 'codecode', NULL, NULL),
 (5, 'eva', 'eva@example.org', 'BUCKET/6123456789abcdef0123456789abcdef.png', 'BUCKET/7123456789abcdef0123456789abcdef.png', 'naïve façade', HASH, 0, 1, 0, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO friendship VALUES (1, 1, 2), (2, 2, 1), (3, 1, 2), (4, 1, 3), (5, 1, 77), (6, 5, 5);

INSERT INTO friendship_request VALUES
 (1, 1, 2, '2020-08-01 10:00:00'), (2, 5, 1, '2020-08-02 10:00:00'), (3, 5, 1, '2020-08-03 10:00:00'),
 (4, 77, 1, '2020-08-04 10:00:00'), (5, 2, 5, '2020-08-05 10:00:00');

INSERT INTO msg VALUES
 (1, 'hello', 1, 2, '2020-08-01 09:00:00', 1), (2, 'from a person who left', 77, 1, '2020-08-01 09:01:00', 0), (3, REPEAT('x', 1024), 2, 1, '2020-08-01 09:02:00', 0);

INSERT INTO project VALUES
 (1, 'garden', 'ANA', 'What grows', 'public', 'AbCdEfGhIjKlMnOpQrStU1', 'AbCdEfGhIjKlMnOpQrStU2'),
 (2, 'Garden', 'ana', 'The same name in capitals', 'secret', 'AbCdEfGhIjKlMnOpQrStU3', 'AbCdEfGhIjKlMnOpQrStU4'),
 (3, CONCAT('house', CHAR(10)), 'Ben', '', 'friends', 'AbCdEfGhIjKlMnOpQrStU5', 'AbCdEfGhIjKlMnOpQrStU6'),
 (4, 'empty', 'eva', '', 'private', 'AbCdEfGhIjKlMnOpQrStU7', 'AbCdEfGhIjKlMnOpQrStU8');

INSERT INTO project_collaborator_link VALUES
 (1, 1, 2, 'access-only'), (2, 1, 2, 'admin'), (3, 1, 1, 'admin'), (4, 1, 5, 'owner'), (5, 3, 1, 'admin');

INSERT INTO list VALUES
 (1, 1, 'Ideas', 'first', 0), (2, 1, 'Doing', '', 5), (3, 1, 'Done', '', 5), (4, 3, CONCAT('Rooms', CHAR(10)), '', 2), (9, 3, 'Later', '', 7);

INSERT INTO card VALUES
 (1, 1, 'Sow', 'grün', NULL, 3), (2, 1, 'Water', REPEAT('y', 2048), NULL, 3), (3, 1, 'Weed', '', NULL, 0), (4, 2, CONCAT('Dig', CHAR(10)), '', NULL, 1),
 (5, 4, 'Paint', '', NULL, -1);

INSERT INTO list_attached_file VALUES
 (1, 1, 'BUCKET/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1', 'plan.pdf'), (2, 1, 'BUCKET/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2', 'plan.pdf'), (3, 1, 'BUCKET/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa3', 'plan (2).pdf');

INSERT INTO card_attached_file VALUES
 (1, 1, 'BUCKET/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1', 'seeds.png'), (2, 1, 'BUCKET/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb2', 'Seeds.png'), (3, 2, 'BUCKET/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb3', 'seeds.png'),
 (4, 1, 'BUCKET/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb4', 'seeds.png');

INSERT INTO card_user_assignment VALUES (1, 1, 2), (2, 1, 2), (3, 1, 1), (4, 1, 3), (5, 5, 1);

INSERT INTO chat_group VALUES (1, 'Friends'), (2, 'Empty');

INSERT INTO chat_group_member_link VALUES (1, 1, 1, 'admin'), (2, 1, 2, 'default'), (3, 1, 2, 'admin'), (4, 1, 5, 'boss');

INSERT INTO project_chat_group VALUES (1, 'ana/old name', 1), (2, 'ana/garden', 1), (3, 'Ben/house', 3);

INSERT INTO project_chat_group_member_link VALUES (1, 1, 1, 'default'), (2, 2, 1, 'default'), (3, 2, 2, 'default'), (4, 3, 2, 'default');

INSERT INTO chat_group_msg VALUES (1, 1, 'hi all', 1, '2020-08-01 08:00:00'), (2, 1, 'from a person who left', 77, '2020-08-01 08:01:00');

INSERT INTO project_chat_group_msg VALUES
 (1, 1, 'in the older group', 1, '2020-08-01 07:00:00'), (2, 2, 'in the newer group', 2, '2020-08-02 07:00:00');

INSERT INTO chat_group_msg_status VALUES
 (1, 1, 1, 1, 1), (2, 2, 1, 1, 0), (3, 2, 1, 1, 1), (4, 2, 1, 99, 0), (5, 3, 1, 1, 0), (6, 5, 1, 2, 0);

INSERT INTO project_chat_group_msg_status VALUES (1, 1, 1, 1, 1), (2, 1, 2, 2, 0), (3, 2, 2, 2, 1), (4, 1, 2, 88, 0);

INSERT INTO history_list_created VALUES (1, '2020-07-01 12:00:00', 1, 'Ideas', 'first', ''), (9, '2020-07-02 12:00:00', 3, 'Later', '', ''), (3, '2020-07-01 11:00:00', 1, 'Done', '', ''), (7, '2020-07-03 12:00:00', 88, 'of a project that is gone', '', '');

INSERT INTO history_list_deleted VALUES (20, '2020-07-05 12:00:00', 1, 'Gone', '', 'a, b, c.txt', 'x, y');

INSERT INTO history_card_created VALUES (1, '2020-07-01 13:00:00', 1, 'Sow', 'Ideas', 'grün', 'seeds.png', 'ana, Ben');

INSERT INTO history_card_deleted VALUES (40, '2020-07-06 12:00:00', 1, 'Dropped', 'Ideas', '', '', '');

INSERT INTO history_card_changed_list VALUES (1, 1, '2020-07-07 12:00:00', 1, 'Sow', 'Doing', 'Ideas'), (2, NULL, '2020-07-08 12:00:00', 1, 'Old', 'Ideas', 'Done')`

// looseLinks are rows of link tables without a key on user_id.
const looseLinks = `;

INSERT INTO project_collaborator_link VALUES (6, 1, '77', 'admin'), (7, 1, 'nobody', 'admin'), (8, 1, '', 'admin');

INSERT INTO chat_group_member_link VALUES (5, 1, '77', 'admin');

INSERT INTO project_chat_group_member_link VALUES (5, 3, '77', 'default')`

// orphans are rows that foreign keys prevent.
const orphans = `;

INSERT INTO list VALUES (30, 88, 'of no project', '', 0);

INSERT INTO card VALUES (60, 30, 'of such a list', '', NULL, 0), (61, 99, 'of no list', '', NULL, 0);

INSERT INTO card_attached_file VALUES (9, 61, 'BUCKET/cccccccccccccccccccccccccccccccc', 'lost.txt');

INSERT INTO card_user_assignment VALUES (9, 61, 1), (10, 1, 77);

INSERT INTO msg VALUES (9, 'to no one', 1, 77, '2020-08-01 09:00:00', 0);

INSERT INTO chat_group_msg VALUES (9, 99, 'in no group', 1, '2020-08-01 08:00:00')`

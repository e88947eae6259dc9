-- +goose Up

-- search; the words of each indexed card as they are compared, a line each for its name, its description and what else it says.
-- No foreign keys: a check of them would wait for changes of the board. Rows end with their cards.
CREATE TABLE IF NOT EXISTS `search_card` (
  `card_id` INTEGER NOT NULL,
  `project_id` INTEGER NOT NULL,
  `words` MEDIUMTEXT NOT NULL,
  PRIMARY KEY (`card_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;

-- search; each beginning of a word that finds a card. field: 0 in its name, 1 in its description, 2 elsewhere.
CREATE TABLE IF NOT EXISTS `search_word` (
  `project_id` INTEGER NOT NULL,
  `field` INTEGER NOT NULL,
  `word` VARCHAR(24) NOT NULL,
  `card_id` INTEGER NOT NULL,
  PRIMARY KEY (`project_id`, `field`, `word`, `card_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;

-- +goose Down
DROP TABLE IF EXISTS `search_word`;
DROP TABLE IF EXISTS `search_card`;

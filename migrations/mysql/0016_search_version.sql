-- search; the version of what is indexed of a card, so that cards of older databases are indexed again.

-- +goose Up

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'search_card' AND column_name = 'version') = 0,
'ALTER TABLE `search_card`
  ADD COLUMN `version` INTEGER NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- +goose Down

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'search_card' AND column_name = 'version') = 1,
'ALTER TABLE `search_card`
  DROP COLUMN `version`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

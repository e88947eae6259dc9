-- +goose Up

-- colour of the board; empty where none was chosen: such a board has one by its id.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'colour') = 0,
'ALTER TABLE `project`
  ADD COLUMN `colour` VARCHAR(16) NOT NULL DEFAULT ''''', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- +goose Down

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'colour') = 1,
'ALTER TABLE `project`
  DROP COLUMN `colour`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

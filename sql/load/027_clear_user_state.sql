-- A refresh rebuilds all from all files and empties what users are chosen by.
-- Readers see the old rows until the commit.
-- Grain: every row. Key: none.
-- runs: refresh
delete from etl.user_state

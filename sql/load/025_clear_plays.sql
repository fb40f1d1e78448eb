-- A refresh rebuilds all from all files and empties what late songs need.
-- Readers see the old rows until the commit.
-- Grain: every row. Key: none.
-- runs: refresh
delete from etl.plays

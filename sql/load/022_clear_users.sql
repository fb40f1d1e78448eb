-- A refresh rebuilds all from all files and empties a dimension.
-- Readers see the old rows until the commit.
-- Grain: every row. Key: none.
-- runs: refresh
delete from public.users

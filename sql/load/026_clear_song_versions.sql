-- A refresh rebuilds all from all files and empties what songs and artists are chosen from.
-- Readers see the old rows until the commit.
-- Grain: every row. Key: none.
-- runs: refresh
delete from etl.song_versions

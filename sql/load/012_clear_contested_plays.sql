-- Empties the work table of the last run.
-- Grain: every row. Key: none.
delete from etl.contested_plays

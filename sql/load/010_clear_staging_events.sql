-- Empties the stage. Delete and not truncate: truncate would commit.
-- Grain: every row. Key: none.
delete from public.staging_events

-- Empties the stage and the work table of the last run.
-- Grain: every row of each table. Key: none.
call etl.clear('public.staging_events, public.staging_songs, etl.contested_plays')

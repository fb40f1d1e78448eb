-- Takes out the contested plays: their winners come in anew.
-- Grain: one row a contested play. Key: songplay_id.
-- runs: incremental
-- when: events
call etl.take_out('public.songplays, etl.plays', 'etl.contested_plays', 'songplay_id')

-- Takes out the contested plays: their winners come in anew.
-- Grain: one row a contested play. Key: songplay_id.
-- runs: incremental
-- when: events
delete from public.songplays
using etl.contested_plays as contested
where songplays.songplay_id = contested.songplay_id

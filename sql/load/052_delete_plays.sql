-- Takes out the contested plays: their winners come in anew.
-- Grain: one row a contested play. Key: songplay_id.
-- runs: incremental
-- when: events
delete from etl.plays
using etl.contested_plays as contested
where plays.songplay_id = contested.songplay_id

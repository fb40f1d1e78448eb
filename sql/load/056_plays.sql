-- Keeps what the log said of the songs of the run's plays, for songs that come later.
-- Grain: one row a NextSong event. Key: songplay_id.
-- when: events
insert into etl.plays (
    songplay_id,
    title,
    artist_name,
    length
)
select
    songplay_id,
    title,
    artist_name,
    length
from etl.staged_plays

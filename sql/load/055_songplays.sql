-- Adds the run's plays to the fact table. Every play is kept, its song null where the catalogue has none.
-- Grain: one row a NextSong event. Key: (session_id, item_in_session).
-- when: events
insert into public.songplays (
    songplay_id,
    start_time,
    user_id,
    level,
    song_id,
    artist_id,
    session_id,
    item_in_session,
    location,
    user_agent
)
select
    staged.songplay_id,
    staged.start_time,
    staged.user_id,
    staged.level,
    matches.song_id,
    matches.artist_id,
    staged.session_id,
    staged.item_in_session,
    staged.location,
    staged.user_agent
from etl.staged_plays as staged
left join song_matches as matches
    on
        staged.title = matches.title
        and staged.artist_name = matches.artist_name
        and matches.length = coalesce(staged.length, -1)

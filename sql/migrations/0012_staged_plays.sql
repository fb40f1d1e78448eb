-- The plays that this run brings, each once: what is staged and not contested, and the winners of what is.
-- Grain: one row a play. Key: (session_id, item_in_session).
-- ts is in milliseconds: dividing by 1000.0 keeps them.
create view etl.staged_plays as
select
    events.sessionid::bigint * 1000000 + events.iteminsession as songplay_id,
    timestamp 'epoch' + events.ts / 1000.0 * interval '1 second' as start_time,
    events.userid as user_id,
    events.level,
    events.song as title,
    events.artist as artist_name,
    events.length,
    events.sessionid as session_id,
    events.iteminsession as item_in_session,
    events.location,
    events.useragent as user_agent
from public.staging_events as events
left join etl.contested_plays as contested
    on
        events.sessionid = contested.session_id
        and events.iteminsession = contested.item_in_session
where
    events.page = 'NextSong'
    and contested.session_id is null
union all
select
    songplay_id,
    start_time,
    user_id,
    level,
    title,
    artist_name,
    length,
    session_id,
    item_in_session,
    location,
    user_agent
from etl.contested_plays

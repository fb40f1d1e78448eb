-- Decides between plays that came more than once: the latest event wins, between equals the first in order of its
-- values, so that the outcome does not depend on the order in which files arrive.
-- Grain: one row a contested play. Key: (session_id, item_in_session).
-- when: events
insert into etl.contested_plays (
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
    user_agent,
    replaced_start_time
)
with contested_keys as (
    select
        sessionid as session_id,
        iteminsession as item_in_session
    from public.staging_events
    where page = 'NextSong'
    group by sessionid, iteminsession
    having count(*) > 1
    union
    select
        songplays.session_id,
        songplays.item_in_session
    from public.songplays
    inner join public.staging_events as events
        on
            songplays.session_id = events.sessionid
            and songplays.item_in_session = events.iteminsession
    where events.page = 'NextSong'
),

candidates as (
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
        events.useragent as user_agent,
        null::timestamp as stored_start_time
    from public.staging_events as events
    inner join contested_keys
        on
            events.sessionid = contested_keys.session_id
            and events.iteminsession = contested_keys.item_in_session
    where events.page = 'NextSong'
    union all
    select
        songplays.songplay_id,
        songplays.start_time,
        songplays.user_id,
        songplays.level,
        plays.title,
        plays.artist_name,
        plays.length,
        songplays.session_id,
        songplays.item_in_session,
        songplays.location,
        songplays.user_agent,
        songplays.start_time as stored_start_time
    from public.songplays
    inner join contested_keys
        on
            songplays.session_id = contested_keys.session_id
            and songplays.item_in_session = contested_keys.item_in_session
    inner join etl.plays
        on songplays.songplay_id = plays.songplay_id
)

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
    user_agent,
    replaced_start_time
from (
    select
        candidates.songplay_id,
        candidates.start_time,
        candidates.user_id,
        candidates.level,
        candidates.title,
        candidates.artist_name,
        candidates.length,
        candidates.session_id,
        candidates.item_in_session,
        candidates.location,
        candidates.user_agent,
        max(candidates.stored_start_time) over (
            partition by candidates.session_id, candidates.item_in_session
        ) as replaced_start_time,
        row_number() over (
            partition by candidates.session_id, candidates.item_in_session
            order by
                candidates.start_time desc,
                candidates.user_id,
                candidates.level,
                candidates.title,
                candidates.artist_name,
                candidates.length,
                candidates.location,
                candidates.user_agent
        ) as choice
    from candidates
) as chosen
where choice = 1

-- Grain: one offender a staged NextSong event that is not in songplays. Key: (session_id, item_in_session).
-- That none is there twice is what unique_songplays checks.
select 'session_id ' || events.sessionid::varchar || ' item_in_session ' || events.iteminsession::varchar as offender
from public.staging_events as events
left join public.songplays
    on
        events.sessionid = songplays.session_id
        and events.iteminsession = songplays.item_in_session
where
    events.page = 'NextSong'
    and songplays.songplay_id is null

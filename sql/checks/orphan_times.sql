-- Grain: one offender a play whose start_time is not in time. Key: songplay_id.
select 'songplay_id ' || plays.songplay_id::varchar || ' has start_time ' || plays.start_time::varchar as offender
from public.songplays as plays
left join public.time as moments
    on plays.start_time = moments.start_time
where moments.start_time is null

-- Grain: one offender a play whose user_id is not in users. Key: songplay_id.
select 'songplay_id ' || plays.songplay_id::varchar || ' has user_id ' || plays.user_id::varchar as offender
from public.songplays as plays
left join public.users as dimension
    on plays.user_id = dimension.user_id
where
    plays.user_id is not null
    and dimension.user_id is null

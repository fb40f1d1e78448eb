-- Grain: one offender a play whose artist_id is not in artists. Key: songplay_id.
select 'songplay_id ' || plays.songplay_id::varchar || ' has artist_id ' || plays.artist_id as offender
from public.songplays as plays
left join public.artists as dimension
    on plays.artist_id = dimension.artist_id
where
    plays.artist_id is not null
    and dimension.artist_id is null

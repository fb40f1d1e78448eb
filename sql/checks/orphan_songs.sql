-- Grain: one offender a play whose song_id is not in songs. Key: songplay_id.
select 'songplay_id ' || plays.songplay_id::varchar || ' has song_id ' || plays.song_id as offender
from public.songplays as plays
left join public.songs as dimension
    on plays.song_id = dimension.song_id
where
    plays.song_id is not null
    and dimension.song_id is null

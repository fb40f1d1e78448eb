-- Gives earlier plays the song that the catalogue has got only now, or that fits them better.
-- Grain: one row a play whose song is another than before. Key: songplay_id.
-- runs: incremental
-- when: songs
update public.songplays
set
    song_id = matches.song_id,
    artist_id = matches.artist_id
from etl.plays
inner join song_matches as matches
    on
        plays.title = matches.title
        and plays.artist_name = matches.artist_name
        and matches.length = coalesce(plays.length, -1)
where
    songplays.songplay_id = plays.songplay_id
    and (
        songplays.song_id is null
        or songplays.song_id <> matches.song_id
        or songplays.artist_id <> matches.artist_id
    )

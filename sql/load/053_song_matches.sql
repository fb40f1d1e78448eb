-- Finds the song of each title, artist name and length that this run must know: those of its plays, and those of
-- earlier plays that one of its songs may fit. By title and artist name (trailing blanks do not count, as in every
-- comparison of Redshift); between several songs the closest duration, then the lowest song_id. Never a fan-out.
-- Grain: one row a title, artist name and length. Key: (title, artist_name, length).
-- length is -1 where the log gave none; such a play takes the lowest song_id.
create temp table song_matches as
select
    title,
    artist_name,
    length,
    song_id,
    artist_id
from (
    select
        wanted.title,
        wanted.artist_name,
        wanted.length,
        versions.song_id,
        versions.artist_id,
        row_number() over (
            partition by wanted.title, wanted.artist_name, wanted.length
            order by
                case when wanted.length < 0 then 0 else abs(versions.duration - wanted.length) end,
                versions.song_id,
                versions.artist_id
        ) as choice
    from (
        select
            staged.title,
            staged.artist_name,
            coalesce(staged.length, -1) as length
        from etl.staged_plays as staged
        union
        select
            plays.title,
            plays.artist_name,
            coalesce(plays.length, -1) as length
        from etl.plays
        inner join public.staging_songs as songs
            on
                plays.title = songs.title
                and plays.artist_name = songs.artist_name
    ) as wanted
    inner join etl.song_versions as versions
        on
            wanted.title = versions.title
            and wanted.artist_name = versions.artist_name
) as chosen
where choice = 1

-- A refresh rebuilds all from all files: empties the star, and what songs, artists and users are chosen from.
-- Readers see the old rows until the commit.
-- Grain: every row of each table. Key: none.
-- runs: refresh
call etl.clear('
    public.songplays, public.time, public.users, public.songs, public.artists,
    etl.plays, etl.song_versions, etl.user_state')

-- How large the tables are now.
-- Grain: one row in all. Key: none.
select
    (select count(*) from public.staging_events) as staging_events,
    (select count(*) from public.staging_songs) as staging_songs,
    (select count(*) from public.songplays) as songplays,
    (select count(*) from public.users) as users,
    (select count(*) from public.songs) as songs,
    (select count(*) from public.artists) as artists,
    (select count(*) from public.time) as times

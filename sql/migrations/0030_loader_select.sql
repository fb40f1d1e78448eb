-- What the load, its checks and its comparison read. Delete and update with a condition read too.
-- Grain: no rows. Key: none. A table that comes later gets its grants in a migration of its own.
grant select on table
    public.staging_events,
    public.staging_songs,
    public.songplays,
    public.users,
    public.songs,
    public.artists,
    public.time,
    etl.staged_plays,
    etl.contested_plays,
    etl.plays,
    etl.song_versions,
    etl.user_state,
    etl.files,
    etl.runs,
    etl.run_steps,
    etl.run_lock,
    etl.check_results,
    etl.rejects,
    etl.migrations
to role sparkify_loader

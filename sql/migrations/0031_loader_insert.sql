-- What the load writes, by COPY too.
-- Grain: no rows. Key: none.
grant insert on table
    public.staging_events,
    public.staging_songs,
    public.songplays,
    public.users,
    public.songs,
    public.artists,
    public.time,
    etl.contested_plays,
    etl.plays,
    etl.song_versions,
    etl.user_state,
    etl.files,
    etl.runs,
    etl.run_steps,
    etl.check_results,
    etl.rejects
to role sparkify_loader

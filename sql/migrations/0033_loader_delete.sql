-- What the load empties or takes out to put it in anew. What checks found and what was rejected stays.
-- Grain: no rows. Key: none.
grant delete on table
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
    etl.run_steps
to role sparkify_loader

-- What the load changes in place: the song of an earlier play, and the lock's generation. It locks by this too.
-- Grain: no rows. Key: none.
grant update on table
    public.songplays,
    etl.run_lock
to role sparkify_loader

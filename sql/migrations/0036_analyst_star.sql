-- The star, and not what is staged.
-- Grain: no rows. Key: none.
grant select on table
    public.songplays,
    public.users,
    public.songs,
    public.artists,
    public.time
to role sparkify_analyst

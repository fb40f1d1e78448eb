-- What the last load brought, as it came.
-- Grain: no rows. Key: none.
grant select on table
    public.staging_events,
    public.staging_songs
to role sparkify_operator

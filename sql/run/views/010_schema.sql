-- The schema of the views that people ask, apart from the star and from the load's own tables.
-- Grain: no rows. Key: none.
create schema if not exists analytics

-- The schema of the load's own tables; before any migration, since the migrations are recorded in it.
-- Grain: no rows. Key: none.
create schema if not exists etl

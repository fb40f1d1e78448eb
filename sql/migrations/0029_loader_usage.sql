-- The load's own tables. The schema public may be used by everybody.
-- Grain: no rows. Key: none.
grant usage on schema etl to role sparkify_loader

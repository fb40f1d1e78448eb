-- What migrations add to the load's own tables later.
-- Grain: no rows. Key: none.
alter default privileges in schema etl
grant select on tables to role sparkify_operator

-- Each view that is made there, however often it is made anew.
-- Grain: no rows. Key: none.
alter default privileges in schema analytics
grant select on tables to role sparkify_analyst

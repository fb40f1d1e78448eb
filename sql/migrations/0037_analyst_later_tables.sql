-- What migrations add to the star later. So what analysts shall not see belongs into etl, staging tables too.
-- Grain: no rows. Key: none.
alter default privileges in schema public
grant select on tables to role sparkify_analyst

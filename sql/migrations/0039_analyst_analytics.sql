-- Analysts find the views.
-- Grain: no rows. Key: none.
grant usage on schema analytics to role sparkify_analyst

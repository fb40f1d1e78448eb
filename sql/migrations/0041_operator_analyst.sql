-- An operator sees what analysts see.
-- Grain: no rows. Key: none.
grant role sparkify_analyst to role sparkify_operator

-- The load tells the planner what the tables hold now: they are not its own, so it needs the privilege for all.
-- Grain: no rows. Key: none.
grant analyze to role sparkify_loader

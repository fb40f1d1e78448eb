-- Tells the planner what users holds now.
-- Grain: no rows. Key: none.
analyze public.users

-- Tells the planner what time holds now.
-- Grain: no rows. Key: none.
analyze public.time

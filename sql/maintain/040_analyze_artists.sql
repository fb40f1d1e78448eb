-- Tells the planner what artists holds now.
-- Grain: no rows. Key: none.
analyze public.artists

-- Tells the planner what songs holds now.
-- Grain: no rows. Key: none.
analyze public.songs

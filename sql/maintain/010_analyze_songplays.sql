-- Tells the planner what songplays holds now.
-- Grain: no rows. Key: none.
analyze public.songplays

-- The one row of the lock.
-- Grain: one row in all. Key: none.
insert into etl.run_lock (generation) values (0)

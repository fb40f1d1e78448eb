-- The generation that the load will expect when it holds the lock.
-- Grain: one row in all. Key: none.
select max(generation) as generation
from etl.run_lock

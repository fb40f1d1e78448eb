-- The load itself may take its time: the run's deadline bounds it.
-- Grain: no rows. Key: none.
reset statement_timeout

-- Loads happen one after another. Before all that reads, so that the snapshot is taken when the lock is held.
-- Grain: no rows. Key: none.
lock etl.run_lock

-- Bounds the wait for the lock, in milliseconds: a load behind one that hangs shall say so, not hang too.
-- Grain: no rows. Key: none. SET takes no snapshot: the transaction's is taken when the lock is held.
set statement_timeout to {{lock_wait_ms}}

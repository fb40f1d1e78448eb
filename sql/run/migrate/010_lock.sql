-- Two runs that migrate at once do so one after another.
-- Grain: no rows. Key: none.
lock etl.migrations

-- The migrations that this warehouse has.
-- Grain: one row an applied migration. Key: version.
select
    version,
    name,
    checksum
from etl.migrations
order by version

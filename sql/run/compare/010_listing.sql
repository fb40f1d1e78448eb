-- What the sources hold now, in the buckets that differ from the ledger.
-- Grain: one row a source file. Key: url.
-- wanted: of the days that the run is limited to; undated: a log file without a day in its name.
create temp table listing (
    url varchar(1100) not null,
    etag varchar(128) not null,
    size_bytes bigint not null,
    source varchar(16) not null,
    wanted boolean not null,
    undated boolean not null
)

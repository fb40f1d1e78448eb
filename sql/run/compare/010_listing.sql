-- What the sources hold now.
-- Grain: one row a source file. Key: url.
create temp table listing (
    url varchar(1100) not null,
    etag varchar(128) not null,
    size_bytes bigint not null,
    source varchar(16) not null
)

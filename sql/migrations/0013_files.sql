-- The ledger: which source files the star holds. Written in the transaction that loads them.
-- Grain: one row a source file. Key: url.
-- etag tells one content of a file from another; source is songs or events.
create table etl.files (
    url varchar(1100) not null encode zstd,
    etag varchar(128) not null encode zstd,
    size_bytes bigint not null encode az64,
    source varchar(16) not null encode zstd,
    run_id varchar(128) not null encode zstd,
    loaded_at timestamp not null default sysdate encode az64,
    primary key (url)
)
diststyle key distkey (url)
sortkey (url)

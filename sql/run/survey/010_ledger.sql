-- What the ledger holds, in buckets: those that equal the sources' need not be compared file by file.
-- Grain: one row a bucket with files. Key: bucket.
-- The function digests what S3 lists in the same way: lambda/buckets.ts.
select
    left(md5(url), 3) as bucket,
    count(*) as files,
    sum(strtol(left(md5(url || '|' || etag || '|' || size_bytes::varchar), 15), 16))::varchar as digest
from etl.files
group by left(md5(url), 3)

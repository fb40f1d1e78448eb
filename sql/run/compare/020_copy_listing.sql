-- Reads the listing that the run has written to the work bucket.
-- Grain: one row a source file. Key: url.
-- when: listed files
copy listing (
    url,
    etag,
    size_bytes,
    source,
    wanted,
    undated
)
from '{{listing_url}}'
iam_role '{{copy_role_arn}}'
format as json 'auto'
compupdate off
statupdate off

-- Reads the listing that the run has written to the work bucket.
-- Grain: one row a source file. Key: url.
copy listing (
    url,
    etag,
    size_bytes,
    source
)
from '{{listing_url}}'
iam_role '{{copy_role_arn}}'
format as json 'auto'
compupdate off
statupdate off

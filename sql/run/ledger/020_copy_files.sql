-- Writes the run's files into the ledger, in the transaction that loads them.
-- Grain: one row a file of the run. Key: url.
copy etl.files (
    url,
    etag,
    size_bytes,
    source,
    run_id
)
from '{{files_url}}'
iam_role '{{copy_role_arn}}'
format as json 'auto'
compupdate off
statupdate off

-- The files that the ledger does not have.
-- Grain: one row a new file. Key: url.
select
    listing.url,
    listing.etag,
    listing.size_bytes,
    listing.source
from listing
left join etl.files
    on listing.url = files.url
    and len(listing.url) = len(files.url)
where
    files.url is null
    and listing.wanted
order by
    listing.url,
    len(listing.url)

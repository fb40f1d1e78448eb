-- How the listing differs from the ledger.
-- Grain: one row in all. Key: none.
select
    count(case when files.url is null then 1 end) as new_files,
    count(
        case
            when
                listing.url is not null
                and files.url is not null
                and (listing.etag <> files.etag or listing.size_bytes <> files.size_bytes)
                then 1
        end
    ) as changed_files,
    count(case when listing.url is null then 1 end) as vanished_files
from listing
full outer join etl.files
    on listing.url = files.url

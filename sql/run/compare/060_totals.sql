-- How the listing differs from the ledger, in the buckets that are compared.
-- Grain: one row in all. Key: none.
-- len: a comparison of texts takes no notice of blanks at the end, which an object's key may have.
select
    count(case when files.url is null and listing.wanted then 1 end) as new_files,
    coalesce(sum(case when files.url is null and listing.wanted then listing.size_bytes end), 0)::bigint as new_bytes,
    count(case when files.url is null and not listing.wanted and not listing.undated then 1 end) as new_files_outside,
    count(case when files.url is null and not listing.wanted and listing.undated then 1 end) as new_files_undated,
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
full outer join (
    select
        url,
        etag,
        size_bytes
    from etl.files
    where
        '{{buckets}}' = 'all'
        or strpos('{{buckets}}', left(md5(url), 3)) > 0
) as files
    on listing.url = files.url
    and len(listing.url) = len(files.url)

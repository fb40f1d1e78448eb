-- The first files that were loaded and are gone: the star keeps what they brought.
-- Grain: one row a vanished file. Key: url.
select files.url
from etl.files
left join listing
    on files.url = listing.url
    and len(files.url) = len(listing.url)
where
    listing.url is null
    and ('{{buckets}}' = 'all' or strpos('{{buckets}}', left(md5(files.url), 3)) > 0)
order by
    files.url,
    len(files.url)
limit 20

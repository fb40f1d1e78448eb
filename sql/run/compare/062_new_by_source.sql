-- Of which sources the new files are.
-- Grain: one row a source with new files. Key: source.
select
    listing.source,
    count(*) as files
from listing
left join etl.files
    on listing.url = files.url
    and len(listing.url) = len(files.url)
where
    files.url is null
    and listing.wanted
group by listing.source
order by listing.source

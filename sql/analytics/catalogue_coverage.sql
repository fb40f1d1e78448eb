-- How many plays are of songs that the catalogue knows? All rankings of songs and artists stand on these only.
-- Grain: one row an ISO week with plays. Key: week_start.
-- share is the part of the plays that know their song, 0 to 1.
create view analytics.catalogue_coverage as
select
    trunc(date_trunc('week', start_time)) as week_start,
    count(*) as plays,
    count(song_id) as known_plays,
    count(song_id)::double precision / count(*) as share
from public.songplays
group by 1
with no schema binding

-- Where is music played most? The location is that of the play, as the log names it (a metropolitan area).
-- Grain: one row a location with plays. Key: location.
-- place counts from 1; between equals the first by name.
create view analytics.top_locations as
select
    row_number() over (order by count(*) desc, location) as place,
    location,
    count(*) as plays,
    count(distinct user_id) as listeners
from public.songplays
where location is not null
group by location
with no schema binding

-- At which hours of which days is music played? What a heat map shows.
-- Grain: one row a day of the week and hour of the day (UTC). Key: (weekday, hour).
create view analytics.plays_by_weekday_and_hour as
select
    extract(dow from start_time) as weekday,
    extract(hour from start_time) as hour,
    count(*) as plays
from public.songplays
group by 1, 2
with no schema binding

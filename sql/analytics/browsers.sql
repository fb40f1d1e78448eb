-- With which browsers is music played?
-- Grain: one row a browser. Key: browser.
create view analytics.browsers as
select
    agents.browser,
    count(*) as plays,
    count(distinct plays.user_id) as listeners,
    count(*)::double precision / sum(count(*)) over () as share
from public.songplays as plays
inner join analytics.user_agents as agents on plays.user_agent = agents.user_agent
group by agents.browser
with no schema binding

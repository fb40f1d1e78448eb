-- On which devices is music played?
-- Grain: one row a platform. Key: platform.
-- device is phone, tablet or computer; an Android may be either of the first two: the log does not tell, phone is said.
create view analytics.devices as
select
    agents.platform,
    case
        when agents.platform in ('iPhone', 'Android') then 'phone'
        when agents.platform = 'iPad' then 'tablet'
        when agents.platform = 'other' then 'other'
        else 'computer'
    end as device,
    count(*) as plays,
    count(distinct plays.user_id) as listeners,
    count(*)::double precision / sum(count(*)) over () as share
from public.songplays as plays
inner join analytics.user_agents as agents on plays.user_agent = agents.user_agent
group by agents.platform
with no schema binding

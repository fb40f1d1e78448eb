-- Which browser and which system does a user agent name? What browsers and devices read.
-- Grain: one row a user agent as the log has it. Key: user_agent.
-- The order matters: Edge and Opera name Chrome too, Chrome names Safari, iPads and iPhones name Mac OS X.
create view analytics.user_agents as
select
    user_agent,
    case
        when user_agent like '%Edg/%' or user_agent like '%Edge/%' then 'Edge'
        when user_agent like '%OPR/%' or user_agent like '%Opera%' then 'Opera'
        when user_agent like '%Chrome/%' or user_agent like '%CriOS/%' then 'Chrome'
        when user_agent like '%Firefox/%' or user_agent like '%FxiOS/%' then 'Firefox'
        when user_agent like '%MSIE %' or user_agent like '%Trident/%' then 'Internet Explorer'
        when user_agent like '%Safari/%' then 'Safari'
        else 'other'
    end as browser,
    case
        when user_agent like '%iPad%' then 'iPad'
        when user_agent like '%iPhone%' then 'iPhone'
        when user_agent like '%Android%' then 'Android'
        when user_agent like '%Windows%' then 'Windows'
        when user_agent like '%Macintosh%' then 'Mac'
        when user_agent like '%Linux%' or user_agent like '%X11%' then 'Linux'
        else 'other'
    end as platform
from (
    select distinct user_agent
    from public.songplays
    where user_agent is not null
) as agents
with no schema binding

-- Are there many short sessions or few long ones?
-- Grain: one row a class of sessions by their number of plays. Key: place, in the order of the classes.
create view analytics.session_lengths as
select
    place,
    case place
        when 1 then '1'
        when 2 then '2 to 4'
        when 3 then '5 to 9'
        when 4 then '10 to 24'
        when 5 then '25 to 49'
        else '50 or more'
    end as plays_in_session,
    count(*) as sessions,
    sum(plays)::bigint as plays
from (
    select
        plays,
        case
            when plays < 2 then 1
            when plays < 5 then 2
            when plays < 10 then 3
            when plays < 25 then 4
            when plays < 50 then 5
            else 6
        end as place
    from analytics.sessions
) as classed
group by place
with no schema binding

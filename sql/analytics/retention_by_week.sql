-- Of the users who first listened in a week, how many listen again one, two, three weeks later?
-- Grain: one row a week of first plays and number of weeks since. Key: (cohort_week, weeks_since).
-- weeks_since 0 is the week itself, so its share is 1; a number without listeners has no row.
create view analytics.retention_by_week as
select
    firsts.cohort_week,
    datediff(day, firsts.cohort_week, weeks.week_start) / 7 as weeks_since,
    sizes.users as cohort_users,
    count(*) as users,
    count(*)::double precision / sizes.users as share
from (
    select
        user_id,
        trunc(date_trunc('week', min(start_time))) as cohort_week
    from public.songplays
    where user_id is not null
    group by 1
) as firsts
inner join (
    select distinct
        user_id,
        trunc(date_trunc('week', start_time)) as week_start
    from public.songplays
) as weeks on firsts.user_id = weeks.user_id
inner join (
    select
        cohort_week,
        count(*) as users
    from (
        select
            user_id,
            trunc(date_trunc('week', min(start_time))) as cohort_week
        from public.songplays
        where user_id is not null
        group by 1
    ) as users
    group by 1
) as sizes on firsts.cohort_week = sizes.cohort_week
group by
    firsts.cohort_week,
    weeks.week_start,
    sizes.users
with no schema binding

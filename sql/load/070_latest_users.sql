-- Finds the latest event of each user of this run, among what is staged and what is already known of the user.
-- Grain: one row a user of the staged events. Key: user_id.
-- First the latest ts of each user, which is cheap, and only then the choice between events of that ts.
-- when: events
create temp table latest_users as
select
    user_id,
    first_name,
    last_name,
    gender,
    level,
    ts,
    session_id,
    item_in_session
from (
    select
        candidates.user_id,
        candidates.first_name,
        candidates.last_name,
        candidates.gender,
        candidates.level,
        candidates.ts,
        candidates.session_id,
        candidates.item_in_session,
        row_number() over (
            partition by candidates.user_id
            order by
                candidates.ts desc,
                candidates.session_id desc,
                candidates.item_in_session desc,
                candidates.level,
                candidates.first_name,
                candidates.last_name,
                candidates.gender
        ) as choice
    from (
        select
            events.userid as user_id,
            events.firstname as first_name,
            events.lastname as last_name,
            events.gender,
            events.level,
            events.ts,
            events.sessionid as session_id,
            events.iteminsession as item_in_session
        from public.staging_events as events
        inner join (
            select
                userid,
                max(ts) as ts
            from public.staging_events
            where userid is not null
            group by userid
        ) as latest
            on
                events.userid = latest.userid
                and events.ts = latest.ts
        union all
        select
            users.user_id,
            users.first_name,
            users.last_name,
            users.gender,
            users.level,
            known.ts,
            known.session_id,
            known.item_in_session
        from public.users
        inner join etl.user_state as known
            on users.user_id = known.user_id
        where users.user_id in (select staged.userid from public.staging_events as staged)
    ) as candidates
) as chosen
where choice = 1

-- Who began to pay, who stopped, and when? Seen at plays: a change shows at the user's first play on the new level.
-- Grain: one row a change of level. Key: songplay_id, that first play.
-- change is conversion (to paid) or cancellation (to free).
create view analytics.level_changes as
select
    songplay_id,
    user_id,
    start_time as changed_at,
    previous_level,
    level,
    case when level = 'paid' then 'conversion' else 'cancellation' end as change
from (
    select
        songplay_id,
        user_id,
        start_time,
        level,
        lag(level) over (partition by user_id order by start_time, songplay_id) as previous_level
    from public.songplays
    where
        user_id is not null
        and level is not null
) as plays
where previous_level <> level
with no schema binding

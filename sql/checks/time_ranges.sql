-- Grain: one offender a moment with a part out of its range. Key: start_time.
select 'start_time ' || start_time::varchar as offender
from public.time
where
    hour not between 0 and 23
    or day not between 1 and 31
    or week not between 1 and 53
    or month not between 1 and 12
    or weekday not between 0 and 6

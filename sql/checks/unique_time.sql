-- Grain: one offender a value of the key that stands more than once. Key of time: start_time.
select 'start_time ' || start_time::varchar || ' stands ' || count(*)::varchar || ' times' as offender
from public.time
group by start_time
having count(*) > 1

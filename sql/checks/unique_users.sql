-- Grain: one offender a value of the key that stands more than once. Key of users: user_id.
select 'user_id ' || user_id::varchar || ' stands ' || count(*)::varchar || ' times' as offender
from public.users
group by user_id
having count(*) > 1

-- How many of this environment's three database users hold their role already.
-- Grain: one row in all. Key: none.
select count(*) as admitted
from svv_user_grants
where
    (user_name = '{{loader_user}}' and role_name = 'sparkify_loader')
    or (user_name = '{{analyst_user}}' and role_name = 'sparkify_analyst')
    or (user_name = '{{operator_user}}' and role_name = 'sparkify_operator')

-- Takes out the users whose attributes are written anew.
-- Grain: one row a user of the staged events. Key: user_id.
-- runs: incremental
-- when: events
delete from public.users
using latest_users as latest
where users.user_id = latest.user_id

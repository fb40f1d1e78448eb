-- Takes out the users whose attributes are written anew, and what was known of them.
-- Grain: one row a user of the staged events. Key: user_id.
-- runs: incremental
-- when: events
call etl.take_out('public.users, etl.user_state', 'latest_users', 'user_id')

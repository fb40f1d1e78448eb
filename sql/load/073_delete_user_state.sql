-- Takes out what was known of the users whose attributes are written anew.
-- Grain: one row a user of the staged events. Key: user_id.
-- runs: incremental
-- when: events
delete from etl.user_state
using latest_users as latest
where user_state.user_id = latest.user_id

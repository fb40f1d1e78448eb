-- Which event each user's attributes come from, so that a late file never overwrites newer ones.
-- Grain: one row a row of users. Key: user_id.
-- ts is in milliseconds since the epoch.
create table etl.user_state (
    user_id integer not null encode az64,
    ts bigint not null encode az64,
    session_id integer not null encode az64,
    item_in_session integer not null encode az64,
    primary key (user_id)
)
diststyle all
sortkey (user_id)

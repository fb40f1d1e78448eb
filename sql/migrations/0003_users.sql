-- The people who use the app.
-- Grain: one row a user who was ever logged in. Key: user_id.
-- Attributes (level too) are those of the user's latest event, whatever the order in which files arrive.
-- On every node: it is small and every question about plays joins it.
create table public.users (
    user_id integer not null encode az64,
    first_name varchar(256) encode zstd,
    last_name varchar(256) encode zstd,
    gender varchar(16) encode zstd,
    level varchar(16) encode zstd,
    primary key (user_id)
)
diststyle all
sortkey (user_id)

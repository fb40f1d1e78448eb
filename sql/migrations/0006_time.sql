-- The moments at which something was played, in UTC.
-- Grain: one row a start_time of songplays. Key: start_time.
-- week is the ISO week, weekday counts from 0 (Sunday) to 6 (Saturday), as Redshift's dow does.
-- Almost as large as songplays and joined to it by start_time only: same distribution and sort key, so that the join
-- is a merge on each slice. The sort key is raw so that range scans skip blocks.
create table public.time (
    start_time timestamp not null encode raw distkey sortkey,
    hour smallint not null encode az64,
    day smallint not null encode az64,
    week smallint not null encode az64,
    month smallint not null encode az64,
    year smallint not null encode az64,
    weekday smallint not null encode az64,
    primary key (start_time)
)

-- What loads lock first, so that they happen one after another.
-- Grain: one row in all. Key: none.
-- generation grows with every load: a run that finds another than it read has been overtaken.
create table etl.run_lock (
    generation bigint not null encode raw
)
diststyle all

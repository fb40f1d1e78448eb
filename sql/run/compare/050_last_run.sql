-- With which SQL and from which sources the star was last loaded.
-- Grain: one row, or none before the first load. Key: run_id.
select
    load_digest,
    source_digest
from etl.runs
where status = 'succeeded'
order by finished_at desc
limit 1

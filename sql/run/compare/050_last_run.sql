-- With which SQL and from which sources the star was last loaded, and whether after this run began.
-- Grain: one row, or none before the first load. Key: run_id.
-- A run that found nothing has files = 0 and says nothing of the star: another version may have rebuilt it meanwhile.
select
    run_id,
    trigger,
    load_digest,
    source_digest,
    finished_at > '{{started_at}}'::timestamp as since_begin
from etl.runs
where
    status = 'succeeded'
    and files > 0
order by finished_at desc
limit 1

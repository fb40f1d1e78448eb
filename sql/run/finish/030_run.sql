-- Records the run.
-- Grain: one row a run. Key: run_id.
insert into etl.runs (
    run_id,
    trigger,
    mode,
    status,
    started_at,
    finished_at,
    files,
    bytes,
    staged_events,
    staged_songs,
    vanished_files,
    load_digest,
    source_digest,
    rejected_rows
)
select
    '{{run_id}}',
    '{{trigger}}',
    '{{mode}}',
    'succeeded',
    '{{started_at}}'::timestamp,
    greatest(getdate(), sysdate),
    {{files}},
    {{bytes}},
    (select count(*) from public.staging_events),
    (select count(*) from public.staging_songs),
    {{vanished_files}},
    '{{load_digest}}',
    '{{source_digest}}',
    (select count(*) from etl.rejects where run_id = '{{run_id}}')

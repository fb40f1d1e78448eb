-- Records a run that failed, after its transaction was rolled back; :error is a parameter of the Data API.
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
    error
)
select
    '{{run_id}}',
    '{{trigger}}',
    '{{mode}}',
    'failed',
    '{{started_at}}'::timestamp,
    greatest(getdate(), sysdate),
    {{files}},
    {{bytes}},
    0,
    0,
    0,
    '{{load_digest}}',
    '{{source_digest}}',
    :error
where not exists (select 1 from etl.runs where run_id = '{{run_id}}')

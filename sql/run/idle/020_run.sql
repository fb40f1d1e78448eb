-- Records a run that found nothing to load; what the last one staged stays.
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
    source_digest
)
values (
    '{{run_id}}',
    '{{trigger}}',
    'incremental',
    'succeeded',
    '{{started_at}}',
    greatest(getdate(), sysdate),
    0,
    0,
    0,
    0,
    {{vanished_files}},
    '{{load_digest}}',
    '{{source_digest}}'
)

-- Keeps what the COPY of the songs has left out. Directly after it: pg_last_copy_id is that of the session's last COPY.
-- Grain: one row a rejected row. Key: (run_id, file_url, line_number, column_name).
-- when: song rejects
insert into etl.rejects (
    run_id,
    source,
    file_url,
    line_number,
    column_name,
    value,
    error_code,
    reason
)
select
    '{{run_id}}',
    'songs',
    trim(filename),
    line_number,
    nullif(trim(colname), ''),
    nullif(trim(raw_field_value), ''),
    err_code,
    trim(err_reason)
from stl_load_errors
where query = pg_last_copy_id()

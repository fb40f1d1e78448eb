-- Keeps what the COPY of a source has left out. The function puts it directly after each COPY whose source may leave
-- out rows: pg_last_copy_id is that of the session's last COPY.
-- Grain: one row a rejected row. Key: (run_id, file_url, line_number, column_name).
-- when: rejected values
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
    '{{source}}',
    trim(filename),
    line_number,
    nullif(trim(colname), ''),
    nullif(trim(raw_field_value), ''),
    err_code,
    trim(err_reason)
from stl_load_errors
where query = pg_last_copy_id()

-- Keeps what the COPY of a source has left out. The function puts it directly after each COPY whose source may leave
-- out rows: pg_last_copy_id is that of the session's last COPY.
-- Grain: one row a rejected row. Key: (run_id, file_url, line_number, column_name).
-- Serverless and Multi-AZ clusters have no stl_load_errors: the value then stands in the reason only.
-- when: no rejected values
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
    trim(file_name),
    line_number,
    nullif(trim(column_name), ''),
    null,
    error_code,
    left(trim(error_message), 256)
from sys_load_error_detail
where query_id = pg_last_copy_id()

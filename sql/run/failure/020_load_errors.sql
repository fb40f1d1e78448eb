-- What a failed COPY stumbled over. Works on clusters and on serverless.
-- Grain: one row a field that did not load. Key: none.
select
    trim(file_name) as file_name,
    line_number,
    trim(column_name) as column_name,
    trim(column_type) as column_type,
    trim(column_length) as column_length,
    error_code,
    trim(error_message) as error_message
from sys_load_error_detail
where query_id = {{query_id}}
order by
    file_name,
    line_number
limit 5

-- The values that did not load, which sys_load_error_detail does not hold.
-- Serverless and Multi-AZ clusters have no such view.
-- Grain: one row a field that did not load. Key: none.
select
    trim(filename) as file_name,
    line_number,
    trim(colname) as column_name,
    trim(raw_field_value) as field_value
from stl_load_errors
where query = {{query_id}}
order by
    file_name,
    line_number
limit 5

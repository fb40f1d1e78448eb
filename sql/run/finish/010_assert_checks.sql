-- Rolls the load back where a check has failed.
-- Grain: no rows. Key: none.
call etl.assert_checks('{{run_id}}')

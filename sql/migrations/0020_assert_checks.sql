-- Fails, and so rolls the load back, where a check of severity error has found offending rows.
-- Grain: no rows. Key: none. Called after all checks of the run have written their results.
create procedure etl.assert_checks(checked_run_id varchar(128))
as $$
declare
    failed_checks bigint;
    message varchar(4096);
begin
    select count(*) into failed_checks
    from etl.check_results
    where run_id = checked_run_id and severity = 'error' and not passed;
    if failed_checks > 0 then
        select
            listagg(
                'check ' || check_name || ' failed: ' || offending_rows::varchar
                || ' offending rows, for example: ' || coalesce(left(examples, 500), ''), '; '
            ) within group (order by check_name)
        into message
        from etl.check_results
        where run_id = checked_run_id and severity = 'error' and not passed;
        raise exception '%', left(message, 2000);
    end if;
end;
$$ language plpgsql

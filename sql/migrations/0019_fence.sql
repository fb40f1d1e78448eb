-- Stops a load that another has overtaken since it compared its files with the ledger.
-- Grain: no rows. Key: none. Called when the lock is held.
create procedure etl.fence(expected_generation bigint)
as $$
declare
    current_generation bigint;
begin
    select max(generation) into current_generation from etl.run_lock;
    if current_generation <> expected_generation then
        raise exception 'superseded: another run has loaded meanwhile (generation %, expected %)',
            current_generation, expected_generation;
    end if;
end;
$$ language plpgsql

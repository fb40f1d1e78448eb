-- Stops this load when another has overtaken it.
-- Grain: no rows. Key: none.
call etl.fence({{generation}})

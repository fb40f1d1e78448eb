-- The two procedures by which a load stops itself. They run with the rights of who calls them.
-- Grain: no rows. Key: none.
grant execute on procedure
    etl.fence(bigint),
    etl.assert_checks(varchar)
to role sparkify_loader

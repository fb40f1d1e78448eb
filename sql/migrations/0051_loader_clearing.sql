-- The two procedures by which a load empties tables and takes rows out. They run with the rights of who calls them: a
-- table that they shall delete from needs a grant of its own.
-- Grain: no rows. Key: none.
grant execute on procedure
    etl.clear(varchar),
    etl.take_out(varchar, varchar, varchar)
to role sparkify_loader

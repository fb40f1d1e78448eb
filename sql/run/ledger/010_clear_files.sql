-- A refresh loads all files: the ledger begins anew.
-- Grain: every row. Key: none.
-- runs: refresh
delete from etl.files

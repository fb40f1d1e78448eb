-- The database user of people and tools that ask questions.
-- Grain: no rows. Key: none.
call etl.admit('{{analyst_user}}', 'sparkify_analyst')

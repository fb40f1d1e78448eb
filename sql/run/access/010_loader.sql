-- The function's own database user.
-- Grain: no rows. Key: none.
call etl.admit('{{loader_user}}', 'sparkify_loader')

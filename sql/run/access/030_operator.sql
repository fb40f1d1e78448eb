-- The database user of people who look after the loads.
-- Grain: no rows. Key: none.
call etl.admit('{{operator_user}}', 'sparkify_operator')

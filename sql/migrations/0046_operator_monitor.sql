-- The system's tables and views that are for superusers otherwise: sizes, locks, what runs.
-- Grain: no rows. Key: none.
grant role sys:monitor to role sparkify_operator

-- An operator can end what somebody else has started.
-- Grain: no rows. Key: none.
grant cancel to role sparkify_operator

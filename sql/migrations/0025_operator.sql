-- People who look after the loads: they read everything, see what others run and can end it, and write nothing.
-- Grain: no rows. Key: none. Who holds the role is decided in each environment: sql/run/access.
create role sparkify_operator

-- What the ETL function works as once the tables are in place: it loads, and it makes nothing.
-- Grain: no rows. Key: none. Who holds the role is decided in each environment: sql/run/access.
create role sparkify_loader

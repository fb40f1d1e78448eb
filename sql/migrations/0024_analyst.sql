-- People and tools that ask questions: they read the star and what is made from it, and write nothing.
-- Grain: no rows. Key: none. Who holds the role is decided in each environment: sql/run/access.
create role sparkify_analyst

-- Where the views stand that answer questions, apart from the star.
-- Grain: no rows. Key: none.
create schema if not exists analytics

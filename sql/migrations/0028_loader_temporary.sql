-- The load keeps what it works out on the way in temporary tables: the listing, the matches, the latest users.
-- Grain: no rows. Key: none.
grant temporary on database sparkify to role sparkify_loader

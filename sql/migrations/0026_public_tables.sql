-- Everybody may make tables in public until this is said: an analyst would not be read only.
-- Grain: no rows. Key: none.
revoke create on schema public from public

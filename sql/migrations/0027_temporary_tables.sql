-- Everybody may make temporary tables, and fill the disk with them, until this is said.
-- Grain: no rows. Key: none.
revoke temporary on database sparkify from public

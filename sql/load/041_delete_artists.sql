-- Takes out the artists that are chosen anew.
-- Grain: one row an artist of the staged songs. Key: artist_id.
-- runs: incremental
-- when: songs
delete from public.artists
using public.staging_songs as staged
where artists.artist_id = staged.artist_id

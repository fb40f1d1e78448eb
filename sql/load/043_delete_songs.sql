-- Takes out the songs that are chosen anew.
-- Grain: one row a staged song. Key: song_id.
-- runs: incremental
-- when: songs
delete from public.songs
using public.staging_songs as staged
where songs.song_id = staged.song_id

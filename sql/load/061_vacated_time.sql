-- Takes out moments at which nothing begins any more, since a corrected event has moved its play.
-- Grain: one row a start_time without a play. Key: start_time.
-- runs: incremental
-- when: events
delete from public.time
where start_time in (
    select contested.replaced_start_time
    from etl.contested_plays as contested
    left join public.songplays
        on contested.replaced_start_time = songplays.start_time
    where
        contested.replaced_start_time is not null
        and songplays.start_time is null
)

-- Loads the run's log files. JSONPaths, since the keys of the log are camel case; the columns in the paths' order.
-- Grain: one row an event of the log. Key: none.
-- when: events
copy public.staging_events (
    artist,
    auth,
    firstname,
    gender,
    iteminsession,
    lastname,
    length,
    level,
    location,
    method,
    page,
    registration,
    sessionid,
    song,
    status,
    ts,
    useragent,
    userid
)
from '{{events_manifest_url}}'
iam_role '{{copy_role_arn}}'
manifest
region '{{source_region}}'
format as json '{{events_jsonpaths_url}}'
maxerror {{events_max_errors}}
compupdate off
statupdate off

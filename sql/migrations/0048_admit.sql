-- Gives a role to a database user, whom it makes where there is none. Does nothing where all is done.
-- Grain: no rows. Key: none. CREATE USER knows no "if not exists", and the names of IAM's users are known at run time.
-- No user has a password: IAM lets people in. Operators see the queries of others in the logs, which no role gives.
create procedure etl.admit(admitted_user varchar(128), admitted_role varchar(128))
as $$
declare
    users bigint;
    memberships bigint;
begin
    select count(*) into users
    from pg_user
    where usename = admitted_user;
    if users = 0 then
        execute 'create user ' || quote_ident(admitted_user) || ' password disable';
    end if;
    select count(*) into memberships
    from svv_user_grants
    where user_name = admitted_user and role_name = admitted_role;
    if memberships = 0 then
        if admitted_role = 'sparkify_operator' then
            execute 'alter user ' || quote_ident(admitted_user) || ' syslog access unrestricted';
        end if;
        execute 'grant role ' || quote_ident(admitted_role) || ' to ' || quote_ident(admitted_user);
    end if;
end;
$$ language plpgsql

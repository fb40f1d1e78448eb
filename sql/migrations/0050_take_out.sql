-- Takes out of tables the rows whose key stands in another one, so that they can be put in anew: one statement for all
-- tables that have the key.
-- Grain: every row of each table with a key in chosen. Key: key_column. Called by the load, with the rights of who
-- calls it.
-- tables and chosen: names with their schemas, in tables with commas between them (blanks and new lines do not
-- count); chosen may be a temporary table, which has no schema.
create procedure etl.take_out(tables varchar(4096), chosen varchar(256), key_column varchar(128))
as $$
declare
    place integer := 1;
    names varchar(4096);
    name varchar(1024);
    keys varchar(1024);
begin
    names := replace(replace(tables, chr(10), ''), ' ', '');
    keys := quote_ident(split_part(chosen, '.', 1));
    if strpos(chosen, '.') > 0 then
        keys := keys || '.' || quote_ident(split_part(chosen, '.', 2));
    end if;
    loop
        name := split_part(names, ',', place);
        exit when name = '';
        name := quote_ident(split_part(name, '.', 1)) || '.' || quote_ident(split_part(name, '.', 2));
        execute 'delete from ' || name || ' using ' || keys || ' as chosen where '
            || name || '.' || quote_ident(key_column) || ' = chosen.' || quote_ident(key_column);
        place := place + 1;
    end loop;
end;
$$ language plpgsql

-- Empties tables, so that a load needs one statement for all of them. Delete and not truncate: truncate would commit.
-- Grain: every row of each table. Key: none. Called by the load, with the rights of who calls it.
-- tables: names with their schemas, with commas between them (blanks and new lines do not count), such
-- as 'public.songs, public.users'.
create procedure etl.clear(tables varchar(4096))
as $$
declare
    place integer := 1;
    names varchar(4096);
    name varchar(256);
begin
    names := replace(replace(tables, chr(10), ''), ' ', '');
    loop
        name := split_part(names, ',', place);
        exit when name = '';
        execute 'delete from ' || quote_ident(split_part(name, '.', 1)) || '.' || quote_ident(split_part(name, '.', 2));
        place := place + 1;
    end loop;
end;
$$ language plpgsql

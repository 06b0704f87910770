-- Rights in the database, given by its owner. Repeating it changes nothing.
DO $$ BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO plumbline_app', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO plumbline_backup', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC, plumbline_owner;
GRANT USAGE ON SCHEMA public TO plumbline_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO plumbline_app;
-- Keys are identity columns, which need no right on their sequence; its values tell on others.
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM plumbline_app;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM plumbline_app;

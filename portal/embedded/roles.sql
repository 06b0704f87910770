CREATE ROLE plumbline_owner LOGIN;
CREATE ROLE plumbline_app LOGIN;
CREATE ROLE plumbline_backup LOGIN BYPASSRLS;
GRANT pg_read_all_data TO plumbline_backup;

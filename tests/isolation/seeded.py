"""Ways of breaking the isolation: a statement, and the object that the check must name.

Ways "by snapshot" are told only by comparison; the others break a rule that holds for any
snapshot. `tests/isolation/gaps.py` tries each on every table, role or function that it fits.
"""

from portal.tenancy.roles import APPLICATION, BACKUP, OWNER

FUNCTIONS = ("current_organization()", "no_organization()", "refuse_change()")


# {t} a table, {c} a column, {p} a policy, {key} a primary key, {f} a foreign key or function,
# {s} a sequence, {r} a role, {stays} and {appends} triggers.
EVERY_TABLE = {
    "granted to everybody": ("GRANT SELECT ON {t} TO PUBLIC", "table {t}"),
    "granted to a stranger": ("GRANT SELECT ON {t} TO {stranger}", "table {t}"),
    "truncate granted": ("GRANT TRUNCATE ON {t} TO plumbline_app", "table {t}"),
    "references granted": ("GRANT REFERENCES ON {t} TO plumbline_app", "table {t}"),
    "trigger granted": ("GRANT TRIGGER ON {t} TO plumbline_app", "table {t}"),
    "to be handed on": ("GRANT SELECT ON {t} TO plumbline_app WITH GRANT OPTION", "table {t}"),
    "backup may write": ("GRANT UPDATE ON {t} TO plumbline_backup", "table {t}"),
    "read by the column": ("GRANT SELECT ({c}) ON {t} TO PUBLIC", "column {t}.{c}"),
    "written by the column": ("GRANT UPDATE ({c}) ON {t} TO {stranger}", "column {t}.{c}"),
    "hidden column": ("GRANT SELECT (ctid) ON {t} TO {stranger}", "column {t}.ctid"),
    "owned by the application": ("ALTER TABLE {t} OWNER TO plumbline_app", "table {t}"),
    "owned by a stranger": ("ALTER TABLE {t} OWNER TO {stranger}", "table {t}"),
    "child with rows": ("CREATE TABLE child_{t} () INHERITS ({t})", "table child_{t}"),
    "temporary child": (
        "CREATE TEMPORARY TABLE own_{t} () INHERITS ({t})",
        "temporary child of table {t}",
    ),
    "row-copying rule": (
        "CREATE RULE stray AS ON INSERT TO {t} DO ALSO NOTIFY stray",
        "rule stray on {t}",
    ),
    "view of the owner": ("CREATE VIEW all_{t} AS SELECT * FROM {t}", "view all_{t}"),
    "materialized": (
        "CREATE MATERIALIZED VIEW kept_{t} AS SELECT * FROM {t}",
        "materialized view kept_{t}",
    ),
    "copied elsewhere": ("CREATE TABLE elsewhere.{t} AS TABLE {t}", "table elsewhere.{t}"),
    "viewed elsewhere": (
        "CREATE VIEW elsewhere.{t} AS SELECT * FROM public.{t}",
        "view elsewhere.{t}",
    ),
    "published": ("CREATE PUBLICATION of_{t} FOR TABLE {t}", "publication of_{t}"),
    "sampled": (
        "CREATE STATISTICS of_{t} ON ({c} IS NULL) FROM {t}",
        "statistics object public.of_{t}",
    ),
}
# Changes of form that the snapshot alone can tell from what was wanted.
EVERY_TABLE_BY_SNAPSHOT = {
    "row-copying trigger": (
        "CREATE TRIGGER stray AFTER INSERT ON {t} FOR EACH ROW EXECUTE FUNCTION copy_row()",
        "trigger stray on {t}",
    ),
    "in another schema": ("ALTER TABLE {t} SET SCHEMA elsewhere", "table elsewhere.{t}"),
    "renamed": ("ALTER TABLE {t} RENAME TO other_{t}", "table other_{t}"),
    "no longer granted": ("REVOKE SELECT ON {t} FROM plumbline_app", "table {t}"),
    "full rows in the log": ("ALTER TABLE {t} REPLICA IDENTITY FULL", "table {t}"),
    "decoded as catalogue": ("ALTER TABLE {t} SET (user_catalog_table = true)", "table {t}"),
    "column added": ("ALTER TABLE {t} ADD stray text", "column {t}.stray"),
    "column may be empty": ("ALTER TABLE {t} ALTER {c} DROP NOT NULL", "column {t}.{c}"),
    "column has a default": ("ALTER TABLE {t} ALTER {c} SET DEFAULT '1'", "column {t}.{c}"),
    "check added": (
        "ALTER TABLE {t} ADD CONSTRAINT stray CHECK (true) NOT VALID",
        "constraint stray on {t}",
    ),
    "index added": ("CREATE INDEX stray_{t} ON {t} ({c})", "index stray_{t} on {t}"),
    "view of the caller": (
        "CREATE VIEW own_{t} WITH (security_invoker = true) AS SELECT * FROM {t}",
        "view own_{t}",
    ),
    "security of rows turned": ("{turned}", "table {t}"),
    "policy added": ("CREATE POLICY stray ON {t} USING (true)", "policy stray on {t}"),
}
TENANTS = {
    "row security disabled": ("ALTER TABLE {t} DISABLE ROW LEVEL SECURITY", "table {t}"),
    "row security not forced": ("ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY", "table {t}"),
    "policy shows everything": ("ALTER POLICY {p} ON {t} USING (true)", "policy {p} on {t}"),
    "policy with a way out": (
        "ALTER POLICY {p} ON {t} USING (true OR organization_id = current_organization())",
        "policy {p} on {t}",
    ),
    "policy lets write anything": (
        "ALTER POLICY {p} ON {t} WITH CHECK (true)",
        "policy {p} on {t}",
    ),
    "policy for one organization": (
        "ALTER POLICY {p} ON {t} USING (organization_id = 1)",
        "policy {p} on {t}",
    ),
    "policy reads a setting": (
        "ALTER POLICY {p} ON {t} USING"
        " (organization_id = current_setting('app.organization', true)::bigint)",
        "policy {p} on {t}",
    ),
    "policy for another role": ("ALTER POLICY {p} ON {t} TO {stranger}", "policy {p} on {t}"),
    "policy that shows nothing": (
        "DROP POLICY {p} ON {t}; CREATE POLICY {p} ON {t} AS RESTRICTIVE"
        " USING (organization_id = current_organization())"
        " WITH CHECK (organization_id = current_organization())",
        "policy {p} on {t}",
    ),
    "policy dropped": ("DROP POLICY {p} ON {t}", "policy {p} on {t}"),
    "policy for reading only": (
        "DROP POLICY {p} ON {t}; CREATE POLICY {p} ON {t} FOR SELECT"
        " USING (organization_id = current_organization())",
        "policy {p} on {t}",
    ),
    "second policy": ("CREATE POLICY hole ON {t} USING (true)", "policy hole on {t}"),
    "second policy for one role": (
        "CREATE POLICY hole ON {t} TO {stranger} USING (true)",
        "policy hole on {t}",
    ),
    "second policy that restricts": (
        "CREATE POLICY hole ON {t} AS RESTRICTIVE USING (true)",
        "policy hole on {t}",
    ),
    "global unique key": (
        "CREATE UNIQUE INDEX hole_{t} ON {t} ((true), organization_id)",
        "index hole_{t} on {t}",
    ),
    "organization may be empty": (
        "ALTER TABLE {t} DROP CONSTRAINT {key} CASCADE;"
        " ALTER TABLE {t} ALTER organization_id DROP NOT NULL",
        "column {t}.organization_id",
    ),
    "organization is guessed": (
        "ALTER TABLE {t} ALTER organization_id SET DEFAULT 1",
        "column {t}.organization_id",
    ),
    "primary key dropped": (
        "ALTER TABLE {t} DROP CONSTRAINT {key} CASCADE",
        "constraint {key} on {t}",
    ),
    "all triggers off": ("ALTER TABLE {t} DISABLE TRIGGER ALL", "trigger {stays} on {t}"),
    "rows may move": ("DROP TRIGGER {stays} ON {t}", "trigger {stays} on {t}"),
    "trigger switched off": ("ALTER TABLE {t} DISABLE TRIGGER {stays}", "trigger {stays} on {t}"),
    "trigger on replicas only": (
        "ALTER TABLE {t} ENABLE REPLICA TRIGGER {stays}",
        "trigger {stays} on {t}",
    ),
    "trigger of another function": (
        "DROP TRIGGER {stays} ON {t}; CREATE TRIGGER {stays} BEFORE UPDATE OF organization_id"
        " ON {t} FOR EACH ROW EXECUTE FUNCTION copy_row()",
        "trigger {stays} on {t}",
    ),
}
TENANTS_BY_SNAPSHOT = {
    "trigger that never fires": (
        "DROP TRIGGER {stays} ON {t}; CREATE TRIGGER {stays} BEFORE UPDATE OF organization_id"
        " ON {t} FOR EACH ROW WHEN (false) EXECUTE FUNCTION refuse_change()",
        "trigger {stays} on {t}",
    ),
}
SEQUENCES = {
    "values readable": ("GRANT SELECT ON SEQUENCE {s} TO plumbline_app", "sequence {s}"),
    "values to be had": ("GRANT USAGE ON SEQUENCE {s} TO plumbline_app", "sequence {s}"),
    "values settable": ("GRANT UPDATE ON SEQUENCE {s} TO {stranger}", "sequence {s}"),
}
SEQUENCES_BY_SNAPSHOT = {
    "values shared": ("ALTER SEQUENCE {s} CACHE 1 INCREMENT 2", "sequence {s}"),
    "values of another type": ("ALTER SEQUENCE {s} AS smallint", "sequence {s}"),
    "values used again": ("ALTER SEQUENCE {s} CYCLE", "sequence {s}"),
}
APPEND_ONLY = {
    "update granted": ("GRANT UPDATE ON {t} TO plumbline_app", "table {t}"),
    "delete granted": ("GRANT DELETE ON {t} TO plumbline_app", "table {t}"),
    "changes let through": ("DROP TRIGGER {appends} ON {t}", "trigger {appends} on {t}"),
    "changes let through for a while": (
        "ALTER TABLE {t} DISABLE TRIGGER {appends}",
        "trigger {appends} on {t}",
    ),
}
REFERENCES = {
    "switched off": ("ALTER TABLE {t} DISABLE TRIGGER ALL", "constraint {f} on {t}"),
    "dropped": ("ALTER TABLE {t} DROP CONSTRAINT {f}", "constraint {f} on {t}"),
    "not for old rows": (
        "ALTER TABLE {t} DROP CONSTRAINT {f};"
        " ALTER TABLE {t} ADD CONSTRAINT {f} {definition} NOT VALID",
        "constraint {f} on {t}",
    ),
}
ONE_FUNCTION = {
    "owned by the application": ("ALTER FUNCTION {f} OWNER TO plumbline_app", True),
    "runs as its owner": ("ALTER FUNCTION {f} SECURITY DEFINER", True),
    "owned by a stranger": ("ALTER FUNCTION {f} OWNER TO {stranger}", False),
    "leakproof": ("ALTER FUNCTION {f} LEAKPROOF", False),
    "immutable": ("ALTER FUNCTION {f} IMMUTABLE", False),
    "strict": ("ALTER FUNCTION {f} STRICT", False),
    "cheaper than policies": ("ALTER FUNCTION {f} COST 1", False),
    "in one process": ("ALTER FUNCTION {f} PARALLEL RESTRICTED", False),
    "with a setting": ("ALTER FUNCTION {f} SET app.organization TO '1'", False),
    "with a path": ("ALTER FUNCTION {f} SET search_path TO elsewhere", False),
    "no longer everybody's": ("REVOKE EXECUTE ON FUNCTION {f} FROM PUBLIC", False),
    "granted on": ("GRANT EXECUTE ON FUNCTION {f} TO {stranger}", False),
    "moved": ("ALTER FUNCTION {f} SET SCHEMA elsewhere", False),
}
ONE_ROLE = {
    "superuser": ("ALTER ROLE {r} SUPERUSER", "role {r}"),
    "creates roles": ("ALTER ROLE {r} CREATEROLE", "role {r}"),
    "creates databases": ("ALTER ROLE {r} CREATEDB", "role {r}"),
    "replicates": ("ALTER ROLE {r} REPLICATION", "role {r}"),
    "inherits nothing": ("ALTER ROLE {r} NOINHERIT", "role {r}"),
    "bound": ("ALTER ROLE {r} SET app.organization TO '1'", "setting app.organization of role {r}"),
    "bound in the database": (
        "ALTER ROLE {r} IN DATABASE {database} SET app.organization TO '1'",
        "setting app.organization of role {r} in the database",
    ),
    "looks elsewhere": (
        "ALTER ROLE {r} SET search_path TO elsewhere, public",
        "setting search_path of role {r}",
    ),
    "without row security": (
        "ALTER ROLE {r} SET row_security TO off",
        "setting row_security of role {r}",
    ),
    "without triggers": (
        "ALTER ROLE {r} SET session_replication_role TO replica",
        "setting session_replication_role of role {r}",
    ),
    "acts as another": ("ALTER ROLE {r} SET role TO {stranger}", "setting role of role {r}"),
    "belongs to a stranger": ("GRANT {stranger} TO {r}", "membership of {r} in {stranger}"),
    "includes a stranger": ("GRANT {r} TO {stranger}", "membership of {stranger} in {r}"),
    "belongs at a distance": (
        "CREATE ROLE {between}; GRANT {stranger} TO {between}; GRANT {between} TO {r}",
        "membership of {between} in {stranger}",
    ),
    "includes at a distance": (
        "CREATE ROLE {between}; GRANT {between} TO {stranger}; GRANT {r} TO {between}",
        "membership of {stranger} in {between}",
    ),
    "to be handed on": (
        "GRANT {r} TO {stranger} WITH ADMIN OPTION",
        "membership of {stranger} in {r}",
    ),
    "may write everything": (
        "GRANT pg_write_all_data TO {r}",
        "membership of {r} in pg_write_all_data",
    ),
    "reads files of the server": (
        "GRANT pg_read_server_files TO {r}",
        "membership of {r} in pg_read_server_files",
    ),
    "sets what switches triggers off": (
        "GRANT SET ON PARAMETER session_replication_role TO {r}",
        "grant on parameter session_replication_role",
    ),
    "reads passwords": (
        "GRANT SELECT ON pg_authid TO {r}",
        "grant to {r} on table pg_catalog.pg_authid",
    ),
    "reads one column of passwords": (
        "GRANT SELECT (rolpassword) ON pg_authid TO {r}",
        "grant to {r} on table column pg_catalog.pg_authid.rolpassword",
    ),
    "writes the catalogue": (
        "GRANT UPDATE ON pg_class TO {r}",
        "grant to {r} on table pg_catalog.pg_class",
    ),
    "reads any file": (
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {r}",
        "grant to {r} on function pg_catalog.pg_read_file(pg_catalog.text)",
    ),
    "makes things in the catalogue": (
        "GRANT CREATE ON SCHEMA pg_catalog TO {r}",
        "grant to {r} on schema pg_catalog",
    ),
}
ROLE_GETS = {
    APPLICATION: {
        "bypasses": ("ALTER ROLE plumbline_app BYPASSRLS", "role plumbline_app"),
        "locked out": ("ALTER ROLE plumbline_app NOLOGIN", "role plumbline_app"),
        "reads everything": (
            "GRANT pg_read_all_data TO plumbline_app",
            "membership of plumbline_app in pg_read_all_data",
        ),
        "belongs to the owner": (
            "GRANT plumbline_owner TO plumbline_app",
            "membership of plumbline_app in plumbline_owner",
        ),
        "belongs to the backup": (
            "GRANT plumbline_backup TO plumbline_app",
            "membership of plumbline_app in plumbline_backup",
        ),
        "owns a schema": ("CREATE SCHEMA own AUTHORIZATION plumbline_app", "schema own"),
        "owns the database": ("ALTER DATABASE {database} OWNER TO plumbline_app", "database"),
        "owns a large object": (
            "SELECT lo_from_bytea({large}, 'x'); ALTER LARGE OBJECT {large} OWNER TO plumbline_app",
            "large objects of plumbline_app",
        ),
    },
    BACKUP: {
        "bound by policies": ("ALTER ROLE plumbline_backup NOBYPASSRLS", "role plumbline_backup"),
    },
    OWNER: {"bypasses": ("ALTER ROLE plumbline_owner BYPASSRLS", "role plumbline_owner")},
}
ONCE_BY_RULE = {
    "CREATE TABLE stray (id bigint)": "table stray",
    "CREATE TABLE stray (organization_id bigint)": "table stray",
    "CREATE UNLOGGED TABLE stray (id bigint)": "table stray",
    "CREATE TABLE stray (id bigint) PARTITION BY LIST (id);"
    " CREATE TABLE part PARTITION OF stray DEFAULT; GRANT SELECT ON part TO plumbline_app": (
        "table part"
    ),
    "CREATE FUNCTION stray() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'": (
        "function stray()"
    ),
    "CREATE FUNCTION elsewhere.stray() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
    " AS 'SELECT count(*) FROM public.kpis_kpi'": "function elsewhere.stray()",
    "ALTER FUNCTION pg_catalog.pg_backend_pid() SECURITY DEFINER": (
        "built-in function pg_backend_pid()"
    ),
    "ALTER FUNCTION pg_catalog.pg_sleep(float8) OWNER TO plumbline_owner": (
        "ownership of plumbline_owner of function pg_catalog.pg_sleep(double precision)"
    ),
    "ALTER DATABASE postgres OWNER TO plumbline_app": (
        "ownership of plumbline_app of database postgres"
    ),
    "CREATE FUNCTION theirs() RETURNS int LANGUAGE sql AS 'SELECT 1';"
    " ALTER FUNCTION theirs() OWNER TO plumbline_owner;"
    " ALTER EXTENSION plpgsql ADD FUNCTION theirs()": (
        "ownership of plumbline_owner of function public.theirs()"
    ),
    "GRANT CREATE ON SCHEMA public TO plumbline_app": "schema public",
    "GRANT CREATE ON SCHEMA public TO PUBLIC": "schema public",
    "CREATE SCHEMA plumbline_app": "schema plumbline_app",
    "CREATE PUBLICATION everything FOR ALL TABLES": "publication everything",
    "CREATE PUBLICATION everything FOR TABLES IN SCHEMA public": "publication everything",
    "ALTER DATABASE {database} SET app.organization TO '1'": (
        "setting app.organization of every role in the database"
    ),
    "ALTER DATABASE {database} SET session_replication_role TO replica": (
        "setting session_replication_role of every role in the database"
    ),
    "ALTER DATABASE {database} SET search_path TO elsewhere": (
        "setting search_path of every role in the database"
    ),
    "ALTER ROLE ALL SET app.organization TO '1'": "setting app.organization of every role",
    "CREATE EVENT TRIGGER stray ON ddl_command_end EXECUTE FUNCTION on_event()": (
        "event trigger stray"
    ),
    "CREATE FOREIGN DATA WRAPPER stray": "foreign-data wrapper stray",
    "CREATE FOREIGN DATA WRAPPER stray; CREATE SERVER away FOREIGN DATA WRAPPER stray": (
        "server away"
    ),
    "CREATE FOREIGN DATA WRAPPER stray; CREATE SERVER away FOREIGN DATA WRAPPER stray;"
    " CREATE FOREIGN TABLE far (id bigint) SERVER away": "foreign table far",
    "CREATE CAST (bigint AS date) WITH FUNCTION convert_key(bigint) AS IMPLICIT": (
        "cast (bigint AS pg_catalog.date)"
    ),
    "CREATE OPERATOR public.= (FUNCTION = always, LEFTARG = bigint, RIGHTARG = bigint)": (
        "operator public.=(bigint,bigint)"
    ),
    "CREATE OPERATOR pg_catalog.=== (FUNCTION = always, LEFTARG = bigint, RIGHTARG = bigint)": (
        "operator pg_catalog.===(bigint,bigint)"
    ),
    "CREATE COLLATION stray (provider = libc, locale = 'C')": "collation public.stray",
    "CREATE TEXT SEARCH CONFIGURATION stray (PARSER = pg_catalog.default)": (
        "text search configuration public.stray"
    ),
    "CREATE SUBSCRIPTION stray CONNECTION 'dbname=away' PUBLICATION everything"
    " WITH (connect = false, slot_name = NONE)": "subscription stray",
    "SELECT lo_from_bytea({large}, 'x')": "large objects of (superuser)",
}
ONCE_BY_SNAPSHOT = {
    "CREATE OR REPLACE FUNCTION current_organization() RETURNS bigint LANGUAGE sql STABLE"
    " PARALLEL SAFE AS 'SELECT 1::bigint'": "function current_organization()",
    "CREATE OR REPLACE FUNCTION current_organization() RETURNS bigint LANGUAGE sql STABLE"
    " PARALLEL SAFE RETURN 1::bigint": "function current_organization()",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'": "function refuse_change()",
    "CREATE OR REPLACE FUNCTION no_organization() RETURNS bigint LANGUAGE sql STABLE"
    " PARALLEL SAFE AS 'SELECT 1::bigint'": "function no_organization()",
    "CREATE FUNCTION current_organization(text) RETURNS bigint LANGUAGE sql"
    " AS 'SELECT 1::bigint'": ("function current_organization(text)"),
    "CREATE FUNCTION current_setting(text, text) RETURNS text LANGUAGE sql AS 'SELECT $1'": (
        "function current_setting(text, text)"
    ),
    "CREATE FUNCTION pg_catalog.stray() RETURNS int LANGUAGE sql AS 'SELECT 1'": (
        "function pg_catalog.stray()"
    ),
    "CREATE OR REPLACE FUNCTION pg_catalog.current_setting(text, boolean) RETURNS text"
    " LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT '1'::text $$": (
        "built-in function current_setting(text,boolean)"
    ),
    "ALTER EXTENSION plpgsql ADD FUNCTION copy_row()": "extension plpgsql",
    "ALTER FUNCTION pg_catalog.textregexeq(text, text) LEAKPROOF": (
        "built-in function textregexeq(text,text)"
    ),
    "ALTER FUNCTION pg_catalog.int4out(integer) SET app.organization TO '1'": (
        "built-in function int4out(integer)"
    ),
    "UPDATE pg_operator SET oprcode = 'int8ne'::regproc"
    " WHERE oid = '=(bigint,bigint)'::regoperator": ("built-in operator =(bigint,bigint)"),
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'kpis_kpi_pkey'::regclass": (
        "index kpis_kpi_pkey on kpis_kpi"
    ),
    "CREATE TRIGGER stray AFTER INSERT ON kpis_kpi FOR EACH ROW EXECUTE FUNCTION copy_row();"
    " UPDATE pg_trigger SET tgisinternal = true WHERE tgname = 'stray'": (
        "trigger stray on kpis_kpi"
    ),
    "CREATE CONSTRAINT TRIGGER stray AFTER INSERT ON kpis_kpi DEFERRABLE"
    " FOR EACH ROW EXECUTE FUNCTION copy_row()": "trigger stray on kpis_kpi",
    "ALTER TABLE kpis_kpi ALTER CONSTRAINT kpis_kpi_organization NOT DEFERRABLE": (
        "constraint kpis_kpi_organization on kpis_kpi"
    ),
    "ALTER ROLE plumbline_app RENAME TO gone; CREATE ROLE plumbline_app LOGIN": "schema public",
    "ALTER TABLE kpis_kpi ALTER name TYPE text": "column kpis_kpi.name",
    "ALTER TABLE kpis_kpi ADD copied text GENERATED ALWAYS AS (name || slug) STORED": (
        "column kpis_kpi.copied"
    ),
    "ALTER TABLE kpis_kpi ALTER id SET GENERATED ALWAYS": "column kpis_kpi.id",
    "ALTER TABLE kpis_kpi REPLICA IDENTITY USING INDEX kpis_kpi_pkey": "table kpis_kpi",
    "CREATE TABLE parent (organization_id bigint NOT NULL); ALTER TABLE kpis_kpi INHERIT parent": (
        "table kpis_kpi"
    ),
    "DROP INDEX job_open; CREATE INDEX job_open ON portal_job (id)": "index job_open on portal_job",
    "UPDATE pg_constraint SET convalidated = false WHERE conname = 'kpis_kpi_organization'": (
        "constraint kpis_kpi_organization on kpis_kpi"
    ),
    "GRANT pg_read_all_data TO plumbline_backup WITH ADMIN OPTION": (
        "membership of plumbline_backup in pg_read_all_data"
    ),
    "DROP FUNCTION current_organization() CASCADE": "function current_organization()",
    "DROP TABLE kpis_kpi CASCADE": "table kpis_kpi",
    'CREATE DOMAIN "bigint" AS text': 'domain "bigint"',
    "CREATE DOMAIN text AS varchar CHECK (true)": "domain text",
    "CREATE TYPE stray AS ENUM ('a')": "type stray",
    "CREATE TYPE stray AS (a bigint)": "composite type stray",
    "CREATE TYPE stray AS RANGE (SUBTYPE = bigint)": "type stray",
    "CREATE SEQUENCE stray": "sequence stray",
    "CREATE SEQUENCE elsewhere.stray OWNED BY elsewhere.taken.id": "sequence elsewhere.stray",
    "CREATE AGGREGATE stray(bigint) (SFUNC = int8pl, STYPE = bigint)": "function stray(bigint)",
    "CREATE PROCEDURE stray() LANGUAGE sql AS 'SELECT 1'": "function stray()",
    "ALTER TABLE account_emailconfirmation SET UNLOGGED": "table account_emailconfirmation",
    "ALTER SCHEMA public OWNER TO plumbline_app": "schema public",
    "ALTER SCHEMA public OWNER TO {stranger}": "schema public",
    "GRANT USAGE ON SCHEMA public TO PUBLIC": "schema public",
    "GRANT USAGE ON SCHEMA public TO {stranger}": "schema public",
    "REVOKE USAGE ON SCHEMA public FROM plumbline_app": "schema public",
    "ALTER DATABASE {database} OWNER TO {stranger}": "database",
    "GRANT CREATE ON DATABASE {database} TO plumbline_app": "database",
    "GRANT CONNECT ON DATABASE {database} TO PUBLIC": "database",
    "GRANT TEMPORARY ON DATABASE {database} TO {stranger}": "database",
    "ALTER DATABASE {database} IS_TEMPLATE true": "database",
    "UPDATE pg_language SET lanpltrusted = true WHERE lanname = 'c'": "language c",
    "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC": "language plpgsql",
    **{
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {role} GRANT {right} ON {kind} TO {{stranger}}": (
            f"default grants of {role} for {kind.lower()}"
        )
        for role in (OWNER, APPLICATION)
        for right, kind in (
            ("SELECT", "TABLES"),
            ("USAGE", "SEQUENCES"),
            ("EXECUTE", "FUNCTIONS"),
            ("USAGE", "TYPES"),
            ("CREATE", "SCHEMAS"),
        )
    },
    "ALTER DEFAULT PRIVILEGES FOR ROLE plumbline_owner IN SCHEMA public GRANT TRUNCATE ON TABLES"
    " TO plumbline_app": "default grants of plumbline_owner in schema public for tables",
    "REVOKE pg_read_all_data FROM plumbline_backup": (
        "membership of plumbline_backup in pg_read_all_data"
    ),
    "GRANT SELECT ON pg_authid TO PUBLIC": "grant to PUBLIC on table pg_catalog.pg_authid",
    "GRANT INSERT ON information_schema.sql_features TO PUBLIC": (
        "grant to PUBLIC on table information_schema.sql_features"
    ),
}
# Made before the gap: a role, a schema and functions that gaps use.
SCENE = """
CREATE ROLE {stranger};
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.taken (id bigint);
CREATE FUNCTION copy_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION on_event() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION always(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION convert_key(bigint) RETURNS date LANGUAGE sql AS $$ SELECT 'today'::date $$;
"""

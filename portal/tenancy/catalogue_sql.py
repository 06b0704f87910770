"""The statements behind `catalogue.read`: each row is an object in words and its facts as JSON.

Facts that are as usual are NULL and thereby absent. `{…}` names are filled in at import.
"""

from portal.tenancy.roles import APPLICATION, BACKUP, OWNER

OURS = f"('{OWNER}', '{APPLICATION}', '{BACKUP}')"
# Objects of PostgreSQL itself have lower numbers than whatever was made after initdb.
FIRST_MADE = 16384
# Whose internals are theirs; they come with a server for Citus or its monitoring.
ALLOWED_EXTENSIONS = ("citus", "citus_columnar", "pg_stat_statements")
# Settings of a role or database that cannot mix organizations.
HARMLESS = (
    "'^(log_.*|auto_explain[.].*|pg_stat_statements[.].*|track_.*|.*_timeout|work_mem"
    "|maintenance_work_mem|temp_buffers|temp_file_limit|timezone|max_parallel_.*|.*_cost"
    "|effective_.*|jit.*|application_name|client_min_messages|plan_cache_mode)$'"
)
# Options of a table that say how its rows are stored.
STORAGE = "'^(autovacuum_.*|toast[._].*|fillfactor|parallel_workers|log_autovacuum.*)='"


def _who(oid: str) -> str:
    """The name of a role; superusers of the server differ and are one."""
    return (
        f"(SELECT CASE WHEN rolsuper AND rolname NOT IN {OURS} THEN '(superuser)'"
        f" ELSE rolname::text END FROM pg_roles WHERE pg_roles.oid = {oid})"
    )


def _grantee(oid: str) -> str:
    return f"CASE {oid} WHEN 0 THEN 'PUBLIC' ELSE {_who(oid)} END"


def _grants(acl: str, kind: str, owner: str) -> str:
    """{role: rights} of all but the owner; a star marks a right that may be handed on."""
    return f"""(SELECT jsonb_object_agg(grantee, rights) FROM (
        SELECT {_grantee("a.grantee")} AS grantee, string_agg(DISTINCT a.privilege_type
            || CASE WHEN a.is_grantable THEN '*' ELSE '' END, ' ') AS rights
        FROM aclexplode(coalesce({acl}, acldefault('{kind}', {owner}))) a
        WHERE a.grantee <> {owner} GROUP BY 1) g)"""


def _name(schema: str, name: str) -> str:
    return (
        f"CASE {schema} WHEN 'public' THEN '' ELSE quote_ident({schema}) || '.' END"
        f" || quote_ident({name})"
    )


def _made(catalogue: str, alias: str) -> str:
    """True of what somebody made: not part of PostgreSQL, of an extension or of a session."""
    return f"{alias}.oid >= {FIRST_MADE} AND NOT {_extends(repr(catalogue), f'{alias}.oid')}"


def _extends(catalogue: str, oid: str) -> str:
    """True of what an installed extension brought."""
    return f"""EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
        WHERE d.classid = {catalogue}::regclass AND d.objid = {oid} AND d.deptype = 'e'
        AND d.refclassid = 'pg_extension'::regclass)"""


KEPT_SCHEMA = "n.nspname !~ '^pg_(temp|toast)'"
TABLE = _name("n.nspname", "c.relname")
OF_TABLES = f"""JOIN pg_namespace n ON n.oid = c.relnamespace AND {KEPT_SCHEMA}
    WHERE {_made("pg_class", "c")} AND c.relkind"""
KINDS = (
    "CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'"
    " WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'composite type' ELSE 'table' END"
)

RELATIONS = f"""
SELECT {KINDS} || ' ' || {TABLE}, jsonb_strip_nulls(jsonb_build_object(
    'owner', {_who("c.relowner")},
    'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
    'row security', CASE WHEN c.relrowsecurity AND c.relforcerowsecurity THEN 'forced'
        WHEN c.relrowsecurity THEN 'not forced' WHEN c.relforcerowsecurity THEN 'not enabled' END,
    'replica identity', nullif(c.relreplident, 'd'),
    'options', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(c.reloptions) o WHERE o !~ {STORAGE}),
    'parents', (SELECT jsonb_agg(inhparent::regclass::text ORDER BY inhseqno) FROM pg_inherits
        WHERE inhrelid = c.oid),
    'partition', pg_get_expr(c.relpartbound, c.oid),
    'partition key', CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
    'made of type', nullif(c.reloftype, 0)::regtype,
    'definition', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
    'grants', {_grants("c.relacl", "r", "c.relowner")}))::text
FROM pg_class c {OF_TABLES} IN ('r', 'p', 'v', 'm', 'f', 'c')
"""

# The rows of a table that inherits belong to its parent too, also while it is temporary.
TEMPORARY_CHILDREN = f"""
SELECT 'temporary child of table ' || {TABLE}, '{{}}'::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 't' AND EXISTS (SELECT FROM pg_inherits i
    JOIN pg_class k ON k.oid = i.inhrelid WHERE i.inhparent = c.oid AND k.relpersistence = 't')
"""

COLUMNS = f"""
SELECT 'column ' || {TABLE} || '.' || quote_ident(a.attname), jsonb_strip_nulls(jsonb_build_object(
    'type', format_type(a.atttypid, a.atttypmod),
    'not null', nullif(a.attnotnull, false),
    'default', CASE a.attgenerated WHEN '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
    'grants', CASE WHEN a.attacl IS NOT NULL
        THEN {_grants("a.attacl", "c", "c.relowner")} END))::text
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    AND (a.attnum > 0 OR a.attacl IS NOT NULL)
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
{OF_TABLES} IN ('r', 'p', 'v', 'm', 'f', 'c')
"""

# From version 18 on NOT NULL is a constraint too; the column says it on all versions.
CONSTRAINTS = f"""
SELECT 'constraint ' || quote_ident(k.conname) || ' on ' || {TABLE},
    jsonb_strip_nulls(jsonb_build_object(
    'definition', pg_get_constraintdef(k.oid),
    'checked', CASE WHEN NOT k.convalidated THEN 'not for old rows' END,
    'triggers', (SELECT string_agg(DISTINCT t.tgenabled::text, '') FROM pg_trigger t
        WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')))::text
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid {OF_TABLES} IN ('r', 'p', 'f')
AND (k.contype <> 'n' OR NOT k.convalidated)
"""

INDEXES = f"""
SELECT 'index ' || quote_ident(i.relname) || ' on ' || {TABLE},
    jsonb_strip_nulls(jsonb_build_object(
    'definition', pg_get_indexdef(i.oid),
    'unique', nullif(x.indisunique, false),
    'primary', nullif(x.indisprimary, false),
    'state', CASE WHEN NOT (x.indisvalid AND x.indisready AND x.indislive) THEN 'invalid' END,
    'identifies rows', nullif(x.indisreplident, false),
    'columns', CASE WHEN x.indisunique THEN (SELECT jsonb_agg(a.attname ORDER BY k.at)
        FROM unnest(x.indkey::int[]) WITH ORDINALITY k(attnum, at)
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum) END))::text
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
{OF_TABLES} IN ('r', 'p', 'm')
"""

TRIGGERS = f"""
SELECT 'trigger ' || quote_ident(t.tgname) || ' on ' || {TABLE},
    jsonb_strip_nulls(jsonb_build_object(
    'definition', pg_get_triggerdef(t.oid),
    'state', CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas only'
        WHEN 'A' THEN 'always' END))::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid {OF_TABLES} IN ('r', 'p', 'v', 'f')
-- Those of a constraint are told with it; an extension may bring others.
AND NOT (t.tgisinternal AND t.tgconstraint <> 0)
AND NOT (t.tgisinternal AND {_extends("'pg_proc'", "t.tgfoid")})
"""

RULES = f"""
SELECT 'rule ' || quote_ident(w.rulename) || ' on ' || {TABLE}, jsonb_build_object(
    'definition', pg_get_ruledef(w.oid), 'state', w.ev_enabled)::text
FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class {OF_TABLES} IN ('r', 'p', 'v', 'm', 'f')
AND (w.rulename <> '_RETURN' OR w.ev_enabled <> 'O')
"""

POLICIES = f"""
SELECT 'policy ' || quote_ident(p.polname) || ' on ' || {TABLE},
    jsonb_strip_nulls(jsonb_build_object(
    'kind', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
    'for', CASE p.polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
        WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' END,
    'to', (SELECT jsonb_agg({_grantee("r")} ORDER BY r) FROM unnest(p.polroles) r),
    'using', pg_get_expr(p.polqual, p.polrelid),
    'check', pg_get_expr(p.polwithcheck, p.polrelid)))::text
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid {OF_TABLES} IN ('r', 'p')
"""

SEQUENCES = f"""
SELECT 'sequence ' || {TABLE}, jsonb_strip_nulls(jsonb_build_object(
    'owner', {_who("c.relowner")},
    'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
    'type', format_type(s.seqtypid, NULL),
    'steps', concat_ws(' ', s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
        CASE WHEN s.seqcycle THEN 'again' END),
    'column', (SELECT jsonb_agg(d.refobjid::regclass || '.' || a.attname) FROM pg_depend d
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
        AND d.refclassid = 'pg_class'::regclass),
    'grants', {_grants("c.relacl", "s", "c.relowner")}))::text
FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid {OF_TABLES} = 'S'
"""

FUNCTIONS = f"""
SELECT 'function ' || {_name("n.nspname", "p.proname")}
    || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    jsonb_strip_nulls(jsonb_build_object(
    'owner', {_who("p.proowner")},
    'kind', nullif(p.prokind, 'f'),
    'returns', pg_get_function_result(p.oid),
    'language', l.lanname,
    'volatility', CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable'
        ELSE 'volatile' END,
    'parallel', p.proparallel,
    'strict', nullif(p.proisstrict, false),
    'leakproof', nullif(p.proleakproof, false),
    'cost', nullif(p.procost, 100),
    'rows', nullif(p.prorows, 0),
    'runs as', CASE WHEN p.prosecdef THEN 'its owner' END,
    'settings', to_jsonb(p.proconfig),
    'defaults', pg_get_expr(p.proargdefaults, 0),
    'planned by', nullif(p.prosupport::oid, 0)::regproc,
    'library', p.probin,
    'body', coalesce(pg_get_function_sqlbody(p.oid), p.prosrc),
    'grants', {_grants("p.proacl", "f", "p.proowner")}))::text
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
JOIN pg_namespace n ON n.oid = p.pronamespace AND {KEPT_SCHEMA}
WHERE {_made("pg_proc", "p")}
"""

# What current_organization() and the policies call, and whatever was changed in a way that opens
# something. initdb made plpgsql last: what is part of PostgreSQL and younger was changed later.
BUILT_IN_FUNCTIONS = f"""
SELECT 'built-in function ' || p.oid::regprocedure, jsonb_strip_nulls(jsonb_build_object(
    'language', l.lanname, 'body', p.prosrc, 'settings', to_jsonb(p.proconfig),
    'changed', CASE WHEN c.changed THEN 'since the server was made' END,
    'runs as', CASE WHEN p.prosecdef THEN 'its owner' END))::text
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang CROSS JOIN LATERAL (
    SELECT (p.proleakproof OR l.lanname NOT IN ('internal', 'c')) AND p.xmin::text::bigint
        > (SELECT x.xmin::text::bigint FROM pg_extension x WHERE x.extname = 'plpgsql')
) c(changed)
WHERE p.oid < {FIRST_MADE} AND (p.prosecdef OR p.proconfig IS NOT NULL OR c.changed
    OR p.oid = ANY (ARRAY['current_setting(text,boolean)', 'int8in(cstring)',
    'int8eq(bigint,bigint)', 'int48eq(integer,bigint)', 'texteq(text,text)', 'textin(cstring)',
    'textout(text)']::regprocedure[]))
"""

BUILT_IN_OPERATORS = """
SELECT 'built-in operator ' || oid::regoperator, jsonb_build_object('function', oprcode)::text
FROM pg_operator
WHERE oid = ANY (ARRAY['=(bigint,bigint)', '=(integer,bigint)', '=(text,text)']::regoperator[])
"""

LANGUAGES = f"""
SELECT 'language ' || lanname, jsonb_strip_nulls(jsonb_build_object('trusted', lanpltrusted,
    'grants', {_grants("lanacl", "l", "lanowner")}))::text
FROM pg_language
"""

TYPES = f"""
SELECT CASE t.typtype WHEN 'd' THEN 'domain ' ELSE 'type ' END
    || {_name("n.nspname", "t.typname")}, jsonb_strip_nulls(jsonb_build_object(
    'owner', {_who("t.typowner")}, 'kind', t.typtype,
    'base', CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
    'not null', nullif(t.typnotnull, false), 'default', t.typdefault,
    'labels', (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e
        WHERE e.enumtypid = t.oid),
    'checks', (SELECT jsonb_object_agg(k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k
        WHERE k.contypid = t.oid),
    'grants', {_grants("t.typacl", "T", "t.typowner")}))::text
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND {KEPT_SCHEMA}
WHERE {_made("pg_type", "t")} AND t.typrelid = 0
AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
"""

SCHEMAS = f"""
SELECT 'schema ' || quote_ident(n.nspname), jsonb_strip_nulls(jsonb_build_object(
    'owner', {_who("n.nspowner")}, 'grants', {_grants("n.nspacl", "n", "n.nspowner")}))::text
FROM pg_namespace n
WHERE {KEPT_SCHEMA} AND (n.nspname = 'public' OR {_made("pg_namespace", "n")})
"""

DEFAULT_GRANTS = f"""
SELECT 'default grants of ' || coalesce({_who("d.defaclrole")}, 'nobody')
    || coalesce(' in schema ' || quote_ident(n.nspname), '')
    || ' for ' || CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
        WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
        ELSE 'large objects' END,
    jsonb_strip_nulls(jsonb_build_object('grants',
        {_grants("d.defaclacl", "r", "d.defaclrole")}))::text
FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
"""

# Rights on parts of PostgreSQL and of extensions that the roles here or everybody gained since.
RIGHTS_ON_BUILT_IN = f"""
SELECT 'grant to ' || {_grantee("a.grantee")} || ' on ' || o.type || ' ' || o.identity,
    jsonb_build_object('rights', string_agg(DISTINCT a.privilege_type, ' '))::text
FROM (
    SELECT 'pg_class'::regclass AS class, oid, 0 AS sub, relacl AS acl, relowner AS owner,
        CASE relkind WHEN 'S' THEN 's' ELSE 'r' END AS kind FROM pg_class
    UNION ALL SELECT 'pg_attribute'::regclass, attrelid, attnum, attacl, 10, 'c'
        FROM pg_attribute WHERE attacl IS NOT NULL
    UNION ALL SELECT 'pg_proc'::regclass, oid, 0, proacl, proowner, 'f' FROM pg_proc
    UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, nspacl, nspowner, 'n' FROM pg_namespace
        WHERE nspname <> 'public'
    UNION ALL SELECT 'pg_type'::regclass, oid, 0, typacl, typowner, 'T' FROM pg_type
) t
LEFT JOIN pg_init_privs i ON i.objoid = t.oid AND i.objsubid = t.sub
    AND i.classoid = CASE t.class WHEN 'pg_attribute'::regclass THEN 'pg_class'::regclass
        ELSE t.class END
CROSS JOIN LATERAL (
    SELECT grantee, privilege_type FROM aclexplode(t.acl)
    EXCEPT SELECT grantee, privilege_type
        FROM aclexplode(coalesce(i.initprivs, acldefault(t.kind::"char", t.owner)))
) a
CROSS JOIN LATERAL pg_identify_object(CASE t.class WHEN 'pg_attribute'::regclass
    THEN 'pg_class'::regclass ELSE t.class END, t.oid, t.sub) o
WHERE t.acl IS NOT NULL AND t.acl IS DISTINCT FROM i.initprivs
-- initdb makes the information schema after it took note of the rights it gave.
AND NOT (o.schema = 'information_schema' AND a.grantee = 0 AND a.privilege_type = 'SELECT')
AND NOT (o.identity = 'information_schema' AND a.grantee = 0 AND a.privilege_type = 'USAGE')
AND (a.grantee = 0 OR a.grantee IN (SELECT oid FROM pg_roles WHERE rolname IN {OURS}))
AND (t.oid < {FIRST_MADE} OR {_extends("i.classoid", "t.oid")})
GROUP BY 1, a.grantee
"""

PARAMETER_GRANTS = f"""
SELECT 'grant on parameter ' || parname, jsonb_build_object('grants', g)::text
FROM pg_parameter_acl, LATERAL {_grants("paracl", "p", "10::oid")} x(g)
WHERE EXISTS (SELECT FROM aclexplode(paracl) a WHERE a.grantee = 0
    OR a.grantee IN (SELECT oid FROM pg_roles WHERE rolname IN {OURS}))
"""

EXTENSIONS = f"""
SELECT 'extension ' || quote_ident(e.extname), jsonb_build_object('parts',
    CASE WHEN e.extname = 'plpgsql' THEN (SELECT jsonb_agg(o.type || ' ' || o.identity
        ORDER BY o.type, o.identity) FROM pg_depend d
        CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) o
        WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
        AND d.deptype = 'e') END)::text
FROM pg_extension e WHERE e.extname NOT IN {ALLOWED_EXTENSIONS}
"""

ROLES = f"""
SELECT 'role ' || rolname, jsonb_strip_nulls(jsonb_build_object(
    'superuser', nullif(rolsuper, false), 'bypasses row security', nullif(rolbypassrls, false),
    'creates roles', nullif(rolcreaterole, false), 'creates databases', nullif(rolcreatedb, false),
    'replicates', nullif(rolreplication, false), 'inherits', rolinherit,
    'may log in', CASE WHEN rolname = '{APPLICATION}' THEN rolcanlogin END))::text
FROM pg_roles WHERE rolname IN {OURS}
"""

# Roles that ours belong to and that belong to ours, at any distance. A superuser needs no
# membership; from version 16 on the server hands the administration of a role to its creator.
MEMBERSHIPS = f"""
SELECT 'membership of ' || quote_ident(m.member) || ' in ' || quote_ident(m.role),
    jsonb_build_object('administers', bool_or(m.administers))::text
FROM (
    WITH RECURSIVE edge AS (
        SELECT m.member AS below, m.roleid AS above, b.rolname::text AS member,
            a.rolname::text AS role, m.admin_option AS administers
        FROM pg_auth_members m JOIN pg_roles b ON b.oid = m.member
        JOIN pg_roles a ON a.oid = m.roleid
        WHERE b.rolname IN {OURS} OR NOT (b.rolsuper OR b.rolcreaterole AND m.admin_option
            AND to_jsonb(m) ->> 'inherit_option' = 'false'
            AND to_jsonb(m) ->> 'set_option' = 'false')
    ), upward AS (
        SELECT edge.* FROM edge WHERE member IN {OURS}
        UNION SELECT edge.* FROM edge JOIN upward ON edge.below = upward.above
    ), downward AS (
        SELECT edge.* FROM edge WHERE role IN {OURS}
        UNION SELECT edge.* FROM edge JOIN downward ON edge.above = downward.below
    )
    SELECT * FROM upward UNION SELECT * FROM downward
) m GROUP BY m.member, m.role
"""

SETTINGS = f"""
SELECT 'setting ' || split_part(pair, '=', 1) || ' of ' || CASE s.setrole WHEN 0 THEN 'every role'
    ELSE 'role ' || r.rolname END || CASE s.setdatabase WHEN 0 THEN '' ELSE ' in the database' END,
    jsonb_build_object('value', substr(pair, strpos(pair, '=') + 1))::text
FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) pair
LEFT JOIN pg_roles r ON r.oid = s.setrole
WHERE (s.setrole = 0 OR r.rolname IN {OURS})
AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
AND lower(split_part(pair, '=', 1)) !~ {HARMLESS}
"""

DATABASE = f"""
SELECT 'database', jsonb_strip_nulls(jsonb_build_object(
    'owner', {_who("datdba")}, 'copied by everybody', nullif(datistemplate, false),
    'grants', {_grants("datacl", "d", "datdba")}))::text
FROM pg_database WHERE datname = current_database()
"""

OWNED_ELSEWHERE = f"""
SELECT 'ownership of ' || r.rolname || ' of ' || o.type || ' ' || coalesce(o.identity, ''),
    '{{}}'::text
FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid
CROSS JOIN LATERAL pg_identify_object(s.classid, s.objid, 0) o
WHERE s.deptype = 'o' AND (
    s.dbid = 0 AND r.rolname IN ('{APPLICATION}', '{BACKUP}')
    OR s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND r.rolname IN {OURS} AND (s.objid < {FIRST_MADE} OR {_extends("s.classid", "s.objid")}))
"""

LARGE_OBJECTS = f"""
SELECT DISTINCT 'large objects of ' || {_who("l.lomowner")}, '{{}}'::text
FROM pg_largeobject_metadata l
"""

RARE = (
    "pg_cast",
    "pg_operator",
    "pg_opclass",
    "pg_opfamily",
    "pg_am",
    "pg_collation",
    "pg_conversion",
    "pg_transform",
    "pg_ts_config",
    "pg_ts_dict",
    "pg_ts_parser",
    "pg_ts_template",
    "pg_statistic_ext",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_event_trigger",
    "pg_publication",
)
# Kinds that the portal has no use for: that one of them exists is enough to know.
RARITIES = f"""
SELECT o.type || ' ' || o.identity, '{{"rare": true}}'::text
FROM ({
    " UNION ALL ".join(
        f"SELECT '{name}'::regclass AS class, x.oid FROM {name} x WHERE {_made(name, 'x')}"
        + (" AND x.collnamespace <> 'pg_catalog'::regnamespace" if name == "pg_collation" else "")
        for name in RARE
    )
}) x
CROSS JOIN LATERAL pg_identify_object(x.class, x.oid, 0) o
"""

SUBSCRIPTIONS = """
SELECT 'subscription ' || quote_ident(subname), '{"rare": true}'::text
FROM pg_subscription
WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

PARTS = (
    DATABASE,
    SCHEMAS,
    ROLES,
    MEMBERSHIPS,
    SETTINGS,
    DEFAULT_GRANTS,
    RIGHTS_ON_BUILT_IN,
    PARAMETER_GRANTS,
    OWNED_ELSEWHERE,
    EXTENSIONS,
    LANGUAGES,
    FUNCTIONS,
    BUILT_IN_FUNCTIONS,
    BUILT_IN_OPERATORS,
    TYPES,
    RELATIONS,
    TEMPORARY_CHILDREN,
    COLUMNS,
    CONSTRAINTS,
    INDEXES,
    POLICIES,
    TRIGGERS,
    RULES,
    SEQUENCES,
    LARGE_OBJECTS,
    RARITIES,
    SUBSCRIPTIONS,
)

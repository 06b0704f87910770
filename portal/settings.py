"""The one settings file: secure by default, changed by environment variables alone.

docs/operations.md lists every variable with its meaning.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.environment import choice, database, flag, number, secret_key, words

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = flag("PLUMBLINE_DEBUG")
INSECURE_HTTP = flag("PLUMBLINE_INSECURE_HTTP")
SECRET_KEY = secret_key(local=DEBUG or INSECURE_HTTP)
# What this process is: web has limits of its own on what it asks of the database.
PROCESS = choice("PLUMBLINE_PROCESS", ["command", "web"])
ALLOWED_HOSTS = words("PLUMBLINE_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = words("PLUMBLINE_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "drf_spectacular_sidecar",
    "portal",
    "deployments",
    "kpis",
    "reviews",
]

MIDDLEWARE = [
    "portal.middleware.health.health",
    "portal.middleware.languages.asked",
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.headers.security_headers",
    "csp.middleware.CSPMiddleware",
    # Before anything that reads a body: until here nothing of it is kept.
    "portal.middleware.bodies.body_limits",
    "portal.middleware.characters.characters",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.languages.languages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.sessions.session_limits",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.views.context.place",
            ],
        },
    }
]
FORM_RENDERER = "portal.forms.renderer.Renderer"

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://plumbline_app@127.0.0.1/plumbline")
DEMO_DATABASE_URL = os.environ.get("PLUMBLINE_DEMO_DATABASE", "")
DATABASE_OWNER_URL = os.environ.get("DATABASE_OWNER_URL", "")
# No page is worth waiting longer for; a lock that is not to be had is somebody's long work.
DATABASE_LIMITS = {
    "web": {"statement_timeout": "30s", "lock_timeout": "5s"},
    "worker": {"statement_timeout": "600s", "lock_timeout": "60s"},
    "command": dict[str, str](),
}
DATABASES = {"default": database(DATABASE_URL, DATABASE_LIMITS[PROCESS])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Citus forwards SET LOCAL to its workers only on request; a plain PostgreSQL ignores the question.
DATABASE_DISTRIBUTED = flag("PLUMBLINE_DATABASE_DISTRIBUTED")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Above it live rows are dropped as well: many addresses must not push out a login limit.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "portal.accounts.Adapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "portal.accounts.PasswordLinks"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {
    "login": os.environ.get("PLUMBLINE_LOGIN_RATE", "30/m/ip"),
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"

SESSION_COOKIE_NAME = "plumbline_session" if INSECURE_HTTP else "__Host-session"
SESSION_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = 60 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
CSRF_COOKIE_NAME = "plumbline_csrf" if INSECURE_HTTP else "__Host-csrf"
CSRF_COOKIE_SECURE = not INSECURE_HTTP
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = not INSECURE_HTTP
# How many of our own proxies a request passes: so many entries from the right of X-Forwarded-For
# were written by them, and everything further left by whoever sent it.
TRUSTED_PROXIES = number("PLUMBLINE_TRUSTED_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
HSTS = choice("PLUMBLINE_HSTS", ["host", "subdomains", "preload"])
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not INSECURE_HTTP and HSTS != "host"
SECURE_HSTS_PRELOAD = not INSECURE_HTTP and HSTS == "preload"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.api.authentication.TokenAuthentication",
        "portal.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.Declared"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.permissions.TokenRate"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsers.StrictJson"],
    "DEFAULT_RENDERER_CLASSES": ["portal.api.renderers.Json"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "portal.api.renderers.OneRenderer",
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.Schema",
    "EXCEPTION_HANDLER": "portal.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Plumbline",
    "VERSION": "1",
    "DESCRIPTION": "Read and send what an organization keeps about its AI deployments. Every "
    "request carries a token of the organization. Numbers are exact decimals as text. What is not "
    "measured is left out, never sent as zero.",
    "SCHEMA_PATH_PREFIX": "/o/{organization}/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "COMPONENT_SPLIT_REQUEST": False,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["portal.api.schema.finish"],
    "SORT_OPERATION_PARAMETERS": False,
}

# The largest body of a request, by address; the first pattern that fits decides.
UPLOAD_LIMIT = 10 * 1024 * 1024
BODY_LIMIT = 64 * 1024
BODY_LIMITS = [
    # A file of figures; many figures of a program.
    (r"/o/[^/]+/deployments/[^/]+/import/$", UPLOAD_LIMIT + BODY_LIMIT),
    (r"/o/[^/]+/api/v1/.*measurements/$", UPLOAD_LIMIT),
    # A grid of a year, and the answers to the questions about a file, are many small fields.
    (r"/o/[^/]+/deployments/[^/]+/figures/", 1024 * 1024),
    (r"/o/[^/]+/imports/\d+/", 1024 * 1024),
]
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT + BODY_LIMIT
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "plumbline_language" if INSECURE_HTTP else "__Host-language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("PLUMBLINE_STATIC", BASE_DIR / "staticfiles"))
WHITENOISE_USE_FINDERS = INSECURE_HTTP or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if INSECURE_HTTP or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("PLUMBLINE_SMTP_HOST")
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = os.environ.get("PLUMBLINE_SMTP_HOST", "")
SMTP_TLS = choice("PLUMBLINE_SMTP_TLS", ["off", "starttls", "implicit"])
EMAIL_PORT = number("PLUMBLINE_SMTP_PORT", {"off": 25, "starttls": 587, "implicit": 465}[SMTP_TLS])
EMAIL_HOST_USER = os.environ.get("PLUMBLINE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PLUMBLINE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = SMTP_TLS == "starttls"
EMAIL_USE_SSL = SMTP_TLS == "implicit"
EMAIL_TIMEOUT = 15
# Where the portal is reached from outside; links in mails begin with it.
# Shown by the health address, so that whoever started this process knows its own.
START_TOKEN = os.environ.get("PLUMBLINE_START_TOKEN", "")
PUBLIC_ADDRESS = os.environ.get("PLUMBLINE_URL", "").rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("PLUMBLINE_MAIL_FROM", "plumbline@localhost")

JOB_HARD_LIMIT_SECONDS = 600
# A worker prolongs its lease while it works; a killed one's job is taken over after both of these.
JOB_LEASE_SECONDS = number("PLUMBLINE_JOB_LEASE_SECONDS", 45)
JOB_SWEEP_SECONDS = number("PLUMBLINE_JOB_SWEEP_SECONDS", 60)
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = JOB_HARD_LIMIT_SECONDS
CELERY_TASK_SOFT_TIME_LIMIT = JOB_HARD_LIMIT_SECONDS - 30
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 512_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 2 * JOB_HARD_LIMIT_SECONDS,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
    }
    if CELERY_BROKER_URL.startswith("redis")
    else {}
)
CELERY_DB_REUSE_MAX = 500

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "filters": {"no_addresses": {"()": "portal.middleware.log_lines.NoAddresses"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_addresses"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"plumbline": {"level": "INFO"}},
}
SILENCED_SYSTEM_CHECKS = ["models.W042"]

# Upward mention of rooms, kept here and in urls.py alone: label, URL name, permission.
NAVIGATION = [
    (_("Today"), "reviews:today", "see_kpis"),
    (_("Deployments"), "deployments:list", "see_deployments"),
    (_("Reviews"), "reviews:list", "see_reviews"),
    (_("Catalogue"), "kpis:catalogue", "see_catalogue"),
    (_("Teams"), "units", "see_kpis"),
    (_("People"), "members", "see_members"),
    (_("Audit"), "audit", "see_audit"),
]
# Says why a deployment cannot enter a phase yet: the KPIs that the phase asks for.
PHASE_GATE = "kpis.queries.phase_gate.why_not_enter"
# Work whose input waits in the database: parked jobs of these kinds are tried again each hour.
JOB_REVIVED = ["rollup", "rebuild", "verdict"]
# Kind of job -> function that does it, and the queue of the worker that runs it.
JOB_KINDS = {
    "rollup": ("kpis.tasks.rollup", "celery"),
    "rebuild": ("kpis.tasks.rebuild", "celery"),
    "import": ("kpis.tasks.import_file", "celery"),
    "verdict": ("kpis.tasks.verdict", "celery"),
    "review_pdf": ("reviews.tasks.render_pdf", "pdf"),
    "reminders": ("kpis.tasks.remind", "celery"),
    "invitation": ("portal.tasks.mail_invitation", "celery"),
    "heartbeat": ("portal.tasks.heartbeat", "celery"),
}

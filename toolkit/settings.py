"""Every setting of the toolkit, read from environment variables; the README lists them."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from toolkit import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where this runs -------------------------------------------------------------------------------------------------

ENVIRONMENT = env.choice("TOOLKIT_ENV", "development", ("development", "demo", "production"))
PRODUCTION = ENVIRONMENT == "production"
DEMO = ENVIRONMENT == "demo"

DEBUG = env.boolean("DEBUG", ENVIRONMENT == "development")
if DEBUG and PRODUCTION:
    env.stop("DEBUG", "leave this off when TOOLKIT_ENV is production: error pages would show what nobody may see.")

# Outside production a key is made for each copy of the project, so that nobody can learn one from this file.
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else env.kept_secret(BASE_DIR / "var" / "secret-key"))
if PRODUCTION and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5):
    env.stop("SECRET_KEY", "use at least 50 random characters.")

SITE_URL = env.address("SITE_URL", None if PRODUCTION else "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", None if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
INTERNAL_IPS: list[str] = []

ROOT_URLCONF = "toolkit.urls"
WSGI_APPLICATION = "toolkit.wsgi.application"
ASGI_APPLICATION = "toolkit.asgi.application"

INSTALLED_APPS = [
    "worksheets",
    "toolkit.apps.ToolkitAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "formtools",
    "simple_history",
]

MIDDLEWARE = [
    # First, so that the number is in every line of the log, and the time counts for all that follows.
    "toolkit.middleware.Numbered",
    # Next, so that its header is on every response, whoever made it.
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "toolkit.middleware.WholeForms",
    "toolkit.middleware.NothingIsLost",
    "toolkit.middleware.NoStore",
    "toolkit.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "toolkit.middleware.Straight",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "toolkit.middleware.SignedIn",
    "toolkit.middleware.TextComesBack",
    "toolkit.middleware.OnceIsOnce",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

# --- Pages -----------------------------------------------------------------------------------------------------------

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "toolkit.jinja2.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# `collectstatic` writes here. Outside production files are served from where they are written.
STATIC_ROOT = BASE_DIR / "public" / "static" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static" / "build", ("scripts", BASE_DIR / "static" / "scripts")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "toolkit.storage.HashedFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
# The fonts of the PDF are read where it is printed, and sent to nobody: to compress them took most of a minute.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf")

# The NHS logo may only be shown by those who have leave to use it.
SHOW_NHS_LOGO = env.boolean("SHOW_NHS_LOGO", DEMO)
FOOTER_COPYRIGHT = env.text("FOOTER_COPYRIGHT", "Strategy review toolkit")

# What the accessibility statement says of whoever runs the service. Until they are set, it says that they are missing.
HOST_NAME = env.text("HOST_NAME", "")
ACCESSIBILITY_CONTACT = env.text("ACCESSIBILITY_CONTACT", "")
# When somebody last looked whether the statement holds, as a day: "26 November 2026".
ACCESSIBILITY_REVIEWED = env.text("ACCESSIBILITY_REVIEWED", "")

# --- What is kept ----------------------------------------------------------------------------------------------------

# A page answers within 6 seconds even when the database does not: see docs/decisions/when-the-database-is-away.md.
DATABASES = {"default": env.database("DATABASE_URL", BASE_DIR, wait=4)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What one process may forget. What must be counted over all of them is in the database: see `worksheets.tries`.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# The largest table has 30 rows of a dozen fields; the longest answer has 2,000 characters.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- People ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "worksheets.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "toolkit.passwords.Long", "OPTIONS": {"min_length": 12}},
    {"NAME": "toolkit.passwords.NotKnown"},
    {"NAME": "toolkit.passwords.HardToGuess"},
]
# A link to set a password works for one day.
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "toolkit.accounts.ClosedDoor"
ACCOUNT_FORMS = {
    "login": "worksheets.organisations.signing.LoginForm",
    "reauthenticate": "worksheets.organisations.signing.ReauthenticateForm",
    "change_password": "worksheets.organisations.signing.ChangePasswordForm",
    "set_password": "worksheets.organisations.signing.SetPasswordForm",
    "reset_password": "worksheets.organisations.signing.ResetPasswordForm",
    "reset_password_from_key": "worksheets.organisations.signing.ResetPasswordKeyForm",
    "user_token": "worksheets.organisations.signing.TokenForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
# Its limits are for each process and lock owners out: tries are counted in `worksheets.tries`.
ACCOUNT_RATE_LIMITS = False
# Its own writes to the database when it only reads a link.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# How many proxies stand in front: the address that tries are counted by is taken from what they report.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXIES", 0, most=9)

# How long the audit trail goes back at least; 0 for ever. `manage.py tidy` takes out what is older.
AUDIT_DAYS = env.whole("AUDIT_DAYS", 730, most=36_500)

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "toolkit.errors.stale_form"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# --- Headers ---------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
# A load balancer asks for these pages over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^ready/$"]
SECURE_HSTS_SECONDS = env.whole("HSTS_SECONDS", 63_072_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("HSTS_INCLUDE_SUBDOMAINS", PRODUCTION)
if env.boolean("TRUST_PROXY_TLS_HEADER", False):
    # Only safe behind a proxy that removes this header from what the browser sends.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Putting a host on the browsers' preload list is for its owner to decide, not for this application.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# --- Mail ------------------------------------------------------------------------------------------------------------

MAIL = env.choice("MAIL", "console", ("console", "file", "smtp"))
EMAIL_BACKEND = {
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}[MAIL]
EMAIL_FILE_PATH = env.text("MAIL_FOLDER", str(BASE_DIR / "var" / "mail"))
EMAIL_HOST = env.text("EMAIL_HOST", None if MAIL == "smtp" else "localhost")
EMAIL_PORT = env.whole("EMAIL_PORT", 587, least=1, most=65_535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.password("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Strategy review <no-reply@localhost>")

# --- Logs ------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            # What errors quote may be somebody's answer: only who develops sees it.
            "()": "toolkit.logs.Tight" if DEBUG else "toolkit.logs.Discreet",
            "format": "{asctime} {levelname} {name} [{number}]: {message}",
            "style": "{",
        }
    },
    "filters": {"numbered": {"()": "toolkit.logs.Numbered"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["numbered"]}},
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    },
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Every query is a debug line: never by accident, for they hold what people typed.
        "django.db.backends": {"level": "INFO"},
    },
}

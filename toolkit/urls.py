"""Every address of the toolkit, and what answers when none of them does."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, re_path

from toolkit.staying import stay
from toolkit.views import health, ready
from worksheets.organisations.addresses import confirm

accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("stay/", stay, name="account_stay"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("address/<str:token>/", confirm, name="confirm-address"),
]

urlpatterns = [
    path("", include("worksheets.urls")),
    path("accounts/", include(accounts)),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("ready/", ready, name="ready"),
]

handler400 = "toolkit.errors.bad_request"
handler403 = "toolkit.errors.forbidden"
handler404 = "toolkit.errors.not_found"
handler500 = "toolkit.errors.server_error"

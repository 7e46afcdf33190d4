"""Addresses of the pages that cross engines."""

from django.urls import path

from jiezhen.desk import account_views, admin_views, app_views, unit_views, views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("today/print", views.today_on_paper, name="today_print"),
    path("search", views.search, name="search"),
    path("login", account_views.sign_in, name="login"),
    path("logout", account_views.sign_out, name="logout"),
    path("password", account_views.password, name="password"),
    path("manifest.webmanifest", app_views.manifest, name="manifest"),
    path("sw.js", app_views.worker, name="worker"),
    path("offline", app_views.offline, name="offline"),
    path("session.json", app_views.session, name="session"),
    path("admin", admin_views.status, name="admin"),
    path("admin/people", admin_views.people, name="people"),
    path("admin/people/active", admin_views.set_active, name="set_active"),
    path("admin/people/<int:account_id>/sees", admin_views.sees, name="sees"),
    path("admin/tokens", admin_views.tokens, name="tokens"),
    path("admin/tokens/revoke", admin_views.revoke, name="revoke"),
    path("admin/units", unit_views.units, name="units"),
    path("admin/units/import", unit_views.bring_in, name="units_import"),
    path("admin/units/changes/<int:change_id>", unit_views.change, name="units_change"),
    path("admin/units/<slug:code>/split", unit_views.split, name="units_split"),
    path("admin/units/<slug:code>/merge", unit_views.merge, name="units_merge"),
    path("admin/packs", admin_views.packs, name="packs"),
    path("admin/packs/<slug:name>", admin_views.pack, name="pack"),
    path("admin/audit", admin_views.audit, name="audit"),
]

"""Addresses of the pages that cross engines."""

from django.urls import path

from jiezhen.desk import account_views, admin_views, views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("today/print", views.today_on_paper, name="today_print"),
    path("search", views.search, name="search"),
    path("login", account_views.sign_in, name="login"),
    path("logout", account_views.sign_out, name="logout"),
    path("password", account_views.password, name="password"),
    path("admin", admin_views.status, name="admin"),
    path("admin/people", admin_views.people, name="people"),
    path("admin/people/active", admin_views.set_active, name="set_active"),
    path("admin/people/<int:account_id>/sees", admin_views.sees, name="sees"),
    path("admin/tokens", admin_views.tokens, name="tokens"),
    path("admin/tokens/revoke", admin_views.revoke, name="revoke"),
    path("admin/units", admin_views.units, name="units"),
    path("admin/packs", admin_views.packs, name="packs"),
    path("admin/packs/<slug:name>", admin_views.pack, name="pack"),
    path("admin/audit", admin_views.audit, name="audit"),
]

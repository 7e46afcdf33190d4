"""Addresses of the design system."""

from django.urls import path

from jiezhen.web import views

app_name = "web"
urlpatterns = [
    path("preferences", views.look, name="preferences"),
    path("design", views.gallery, name="gallery"),
]

"""Addresses of the e-mails that the demonstration shows instead of sending."""

from django.urls import path

from . import views

app_name = "demonstration"

urlpatterns = [
    path("", views.boite, name="courriels"),
    path("<int:pk>/", views.courriel, name="courriel"),
    path("<int:pk>/html/", views.version_html, name="courriel_html"),
]

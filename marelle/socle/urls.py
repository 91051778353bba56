"""Addresses that belong to no face: the brand's sheet, robots.txt and, out of production, the board of components."""

from django.urls import URLPattern, path

from marelle.reglages import env

from . import views

app_name = "socle"
urlpatterns: list[URLPattern] = [
    path("marque.css", views.marque_css, name="marque_css"),
    path("robots.txt", views.robots, name="robots"),
]
if env.DEMO or not env.PRODUCTION:
    urlpatterns.append(path("planche/", views.planche, name="planche"))

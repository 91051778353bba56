"""Addresses of the attendance at the desk, under /guichet/presences/."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

"""Addresses of the desk under /guichet/finances/comptabilite/, in the namespace of the desk."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

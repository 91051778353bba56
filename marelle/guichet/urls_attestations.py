"""Addresses of the desk under /guichet/finances/attestations/, in the namespace of the desk."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

"""Addresses of the families' pages under /finances/attestations/, in the namespace of the families."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

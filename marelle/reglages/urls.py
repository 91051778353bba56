"""Addresses of the portal: the families' at the root, the service's under /guichet/."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

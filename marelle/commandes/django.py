"""Starts Django for the commands that need the database."""

import os


def preparer() -> None:
    """Load the settings and the models; without effect the second time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marelle.reglages.settings")
    import django

    django.setup()

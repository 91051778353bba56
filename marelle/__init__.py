"""Marelle: the *portail famille* and the desk of the service that answers it."""

__version__ = "0.1.0"

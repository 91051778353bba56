from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "marelle.journal"
    label = "journal"

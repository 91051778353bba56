from django.apps import AppConfig


class TransportConfig(AppConfig):
    name = "marelle.transport"
    label = "transport"

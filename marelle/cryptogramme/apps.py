from django.apps import AppConfig


class CryptogrammeConfig(AppConfig):
    name = "marelle.cryptogramme"
    label = "cryptogramme"

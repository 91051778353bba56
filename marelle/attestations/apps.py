from django.apps import AppConfig


class AttestationsConfig(AppConfig):
    name = "marelle.attestations"
    label = "attestations"
    verbose_name = "Attestations"

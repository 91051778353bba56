from django.apps import AppConfig


class ReservationsConfig(AppConfig):
    name = "marelle.reservations"
    label = "reservations"

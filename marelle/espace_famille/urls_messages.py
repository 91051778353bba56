"""Addresses of the messages: the inbox, a thread, a new one, the files joined."""

from django.urls import path

from .vues import messages

urlpatterns = [
    path("messages/", messages.boite, name="messages"),
    path("messages/nouveau/", messages.nouveau, name="nouveau_message"),
    path("messages/<int:fil_id>/", messages.message, name="message"),
    path("messages/<int:fil_id>/reponse", messages.reponse, name="reponse"),
    path("messages/fichiers/<uuid:cle>/", messages.piece_jointe, name="piece_jointe"),
    path("contact/", messages.contact, name="contact"),
]

"""Addresses of the messages at the desk: the list, a thread and what is done with it, news to many families."""

from django.urls import path

from .vues import actualites, messages

urlpatterns = [
    path("messages/", messages.boite, name="messages"),
    path("messages/actualites/", actualites.actualites, name="actualites"),
    path("messages/<int:fil_id>/", messages.message, name="message"),
    path("messages/<int:fil_id>/reponse", messages.reponse, name="reponse"),
    path("messages/<int:fil_id>/prise", messages.prise, name="message_prise"),
    path("messages/<int:fil_id>/abandon", messages.abandon, name="message_abandon"),
    path("messages/<int:fil_id>/cloture", messages.cloture, name="message_cloture"),
    path("messages/<int:fil_id>/reouverture", messages.reouverture, name="message_reouverture"),
    path("messages/fichiers/<uuid:cle>/", messages.piece_jointe, name="piece_jointe"),
    path("familles/<int:famille_id>/message/", messages.ecrire, name="ecrire"),
]

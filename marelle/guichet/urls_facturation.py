"""Addresses of the desk under /guichet/finances/facturation/, in the namespace of the desk."""

from django.urls import URLPattern, URLResolver, path

from .vues import facturation, facturation_factures, facturation_payeurs, facturation_qui_paie, lot_factures

urlpatterns: list[URLPattern | URLResolver] = [
    path("", facturation.facturations, name="facturations"),
    path("nouvelle/<int:regie_code>/", facturation.nouvelle, name="facturation_nouvelle"),
    path("<int:campagne_id>/", facturation.facturation, name="facturation"),
    path("<int:campagne_id>/calcul", facturation.calcul, name="facturation_calcul"),
    path("<int:campagne_id>/dates", facturation.dates, name="facturation_dates"),
    path("<int:campagne_id>/emission", facturation.emission, name="facturation_emission"),
    path("<int:campagne_id>/relance", facturation.relance, name="facturation_relance"),
    path("<int:campagne_id>/abandon", facturation.abandon, name="facturation_abandon"),
    path("<int:campagne_id>/payeurs/<int:payeur_id>/", facturation_payeurs.payeur, name="facturation_payeur"),
    path("<int:campagne_id>/payeurs/<int:payeur_id>/reprise", facturation_payeurs.reprise, name="facturation_reprise"),
    path("familles/<int:famille_id>/", facturation_qui_paie.qui_paie, name="qui_paie"),
    path("familles/<int:famille_id>/garde/<int:enfant_id>", facturation_qui_paie.garde, name="qui_paie_garde"),
    path("familles/<int:famille_id>/parts", facturation_qui_paie.parts, name="qui_paie_parts"),
    path("familles/<int:famille_id>/aide", facturation_qui_paie.aide, name="qui_paie_aide"),
    path("familles/<int:famille_id>/forfait", facturation_qui_paie.forfait, name="qui_paie_forfait"),
    path("familles/<int:famille_id>/<str:sorte>/<int:cle>/fin", facturation_qui_paie.fin, name="qui_paie_fin"),
    path("factures/", facturation_factures.factures, name="factures_emises"),
    path("factures/<str:numero>/", facturation_factures.facture, name="facture_emise"),
    path("factures/<str:numero>/avoir/", facturation_factures.avoir, name="facture_avoir"),
    path("<int:campagne_id>/impression/", lot_factures.lot_impression, name="lot_impression"),
    path("<int:campagne_id>/impression/pdf", lot_factures.lot_impression_pdf, name="lot_impression_pdf"),
    path("factures/<str:numero>/pdf", lot_factures.facture_pdf, name="facture_pdf"),
]

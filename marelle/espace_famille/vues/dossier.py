"""« Mon compte »: the members of the family, each with its pencil, and where each child's file stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marelle.creances.regies import regies
from marelle.demandes.dossier import etats_des_dossiers
from marelle.demandes.suivi import nouveaux_enfants, suivis_des_adultes, suivis_des_enfants
from marelle.familles.acces import enfants_de
from marelle.familles.selection import adultes_de

from ..parcours import documents_a_envoyer, etapes_de, premiere_a_faire
from ..personne import RequeteFamille, famille_requise


@require_safe
@famille_requise
def dossier(request: RequeteFamille) -> HttpResponse:
    enfants = enfants_de(request.famille)
    cles = [enfant.pk for enfant in enfants]
    etats, suivis = etats_des_dossiers(request.famille, cles), suivis_des_enfants(request.famille, cles)
    lignes = []
    for enfant in enfants:
        etapes = etapes_de(enfant, etats[enfant.pk], suivis.get(enfant.pk, {}))
        lignes.append(
            {
                "enfant": enfant,
                "etat": etats[enfant.pk],
                "etapes": etapes,
                "a_faire": premiere_a_faire(etapes),
                "documents": documents_a_envoyer(enfant, etats[enfant.pk]),
            }
        )
    demandes = suivis_des_adultes(request.famille)
    contexte = {
        "adultes": [(adulte, demandes.get(adulte.pk)) for adulte in adultes_de(request.famille)],
        "lignes": lignes,
        "nouveaux": nouveaux_enfants(request.famille),
        "avec_finances": bool(regies()),
    }
    return render(request, "espace_famille/dossier/dossier.html", contexte)

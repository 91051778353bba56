"""Writing in the journal: what was done, by whom, to what; never what a health sheet says nor an address."""

import ipaddress
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from .masque import masquer
from .models import Entree
from .verrous import CONSERVATION_SANTE

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

LECTURE_SANTE = "sante.lecture"
SYSTEME = "Marelle"
TEXTE_MAX = 200


def noter(
    acteur: "Compte | None",
    action: str,
    objet: models.Model | None = None,
    *,
    dossier: str = "",
    adresse_ip: str = "",
    acteur_nom: str = "",
    **details: Any,
) -> Entree:
    """Add an entry, inside the caller's transaction: it stands if and only if the act stands.

    `acteur` None is the product itself (a rule, a job). `details` are short facts (codes, numbers, dates, states):
    e-mail addresses and telephone numbers are masked, texts cut at 200 characters. The IP address is cut to its network.
    """
    entree = Entree(
        acteur=acteur,
        acteur_nom=(acteur_nom or (acteur.get_full_name() if acteur else SYSTEME))[:150],
        action=action,
        objet_type=objet._meta.label_lower if objet is not None else "",
        objet_id=str(objet.pk) if objet is not None else "",
        dossier=dossier,
        details={cle: _assainir(valeur) for cle, valeur in details.items()},
        adresse_ip=_reseau(adresse_ip),
    )
    entree.save(force_insert=True)
    return entree


def noter_lecture_sante(acteur: "Compte", enfant: models.Model, *, dossier: str = "", adresse_ip: str = "") -> Entree:
    """Somebody has read the health sheet of a child: kept one year, then deleted by `purger`."""
    return noter(acteur, LECTURE_SANTE, enfant, dossier=dossier, adresse_ip=adresse_ip)


def purger() -> int:
    """Delete the readings of health sheets older than a year (CNIL); returns how many. The trigger lets only these go."""
    limite = timezone.now() - CONSERVATION_SANTE
    anciennes: models.QuerySet[Entree] = models.QuerySet(Entree).filter(action=LECTURE_SANTE, quand__lt=limite)
    return anciennes._raw_delete(anciennes.db)


def _assainir(valeur: Any) -> Any:
    if valeur is None or isinstance(valeur, bool | int):
        return valeur
    if isinstance(valeur, dict):
        return {str(cle): _assainir(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple | set | frozenset):
        return [_assainir(v) for v in valeur]
    return masquer(str(valeur))[:TEXTE_MAX]


def _reseau(adresse: str) -> str:
    """The network of an address: /24 for IPv4, /48 for IPv6: enough to see an intrusion, not to follow a person."""
    try:
        ip = ipaddress.ip_address(adresse.strip())
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False))

"""Addresses of the portal: the families' at the root, the service's under /guichet/."""

from django.urls import URLPattern, URLResolver, include, path

from marelle.socle.sante import sante
from marelle.taches.sante import etat

urlpatterns: list[URLPattern | URLResolver] = [
    path("sante", sante, {"etat_des_taches": etat}, name="sante"),
    path("", include("marelle.socle.urls")),
    path("compte/", include("marelle.comptes.urls")),
    path("demonstration/courriels/", include("marelle.courriels.urls")),
    path("guichet/", include("marelle.guichet.urls")),
    path("", include("marelle.espace_famille.urls")),
]
handler400 = "marelle.socle.views.erreur_400"
handler403 = "marelle.socle.views.erreur_403"
handler404 = "marelle.socle.views.erreur_404"
handler500 = "marelle.socle.views.erreur_500"

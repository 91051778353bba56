"""The one page that allauth does not have, an invitation, and the HTTP status of the pages that it has."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from marelle.socle.horloge import maintenant

from .acces import InvitationInutilisable, accepter_invitation, invitation_de
from .forms import InvitationForm

CLE_SESSION = "invitation"
TROP_D_ESSAIS = {"too_many_login_attempts", "rate_limited"}


def statut_juste(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 422 to a form that is refused and 429 to too many attempts, where allauth answers 200."""

    @wraps(vue)
    def avec_statut(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reponse = vue(request, *args, **kwargs)
        form = (getattr(reponse, "context_data", None) or {}).get("form")
        if request.method == "POST" and reponse.status_code == 200 and form is not None and form.errors:
            codes = {erreur.code for erreurs in form.errors.as_data().values() for erreur in erreurs}
            reponse.status_code = 429 if codes & TROP_D_ESSAIS else 422
        return reponse

    return avec_statut


@rate_limit(action="invitation")
@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation(request: HttpRequest, jeton: str = "") -> HttpResponse:
    """Choose the password of an access, once; then signed in (after the second factor, when there is one)."""
    try:
        if jeton:
            return _retenir(request, jeton)
        jeton = request.session.get(CLE_SESSION, "")
        compte = invitation_de(jeton, maintenant()).compte
        form = InvitationForm(request.POST if request.method == "POST" else None, compte=compte)
        if form.is_valid():
            compte = accepter_invitation(jeton, form.cleaned_data["password1"])
            logout(request)
            return perform_login(request, compte)
    except InvitationInutilisable as erreur:
        contexte = {"phrase": erreur.phrase}
        return render(request, "comptes/invitation_inutilisable.html", contexte, status=erreur.statut)
    statut = 422 if form.errors else 200
    return render(request, "comptes/invitation.html", {"form": form, "compte": compte}, status=statut)


def _retenir(request: HttpRequest, jeton: str) -> HttpResponse:
    """Go on at an address without the token: it must not stay in the history, nor in the log of a refused form."""
    invitation_de(jeton, maintenant())
    request.session[CLE_SESSION] = jeton
    return redirect("comptes:choisir")

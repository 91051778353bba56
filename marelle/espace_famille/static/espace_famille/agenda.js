/* The agenda: right-click, long press, Menu or Shift+F10, and the button « Actions » bring the day's menu over the month.
   Without this script the button is a link to the page of the day, where the same actions are. */
(() => {
  "use strict";
  const jourDe = (cible) => cible instanceof Element ? cible.closest(".agenda > li[data-jour]") : null;
  const actions = (jour) => jour.querySelector("a.bouton.carre");
  const choix = (jour) => [...jour.querySelectorAll("[role=menuitem]")];
  let ouvert = null, demande = 0;

  const ferme = (rendLeFocus) => {
    demande += 1;
    if (!ouvert) return;
    const jour = ouvert;
    ouvert = null;
    jour.querySelectorAll(".flottant").forEach((menu) => menu.remove());
    jour.classList.remove("ouvert");
    actions(jour).setAttribute("aria-expanded", "false");
    if (rendLeFocus) actions(jour).focus();
  };

  const ouvre = async (jour) => {
    if (ouvert === jour) return;
    ferme(false);
    const mienne = demande, lien = actions(jour);
    ouvert = jour;
    jour.classList.add("ouvert");
    lien.setAttribute("aria-expanded", "true");
    try {
      const reponse = await fetch(lien.href + "?menu=1", { credentials: "same-origin" });
      if (!reponse.ok || reponse.redirected) throw new Error();
      const texte = await reponse.text();
      if (mienne !== demande) return;
      jour.insertAdjacentHTML("beforeend", texte);
      choix(jour)[0].focus();
    } catch {
      if (mienne === demande) location.assign(lien.href);
    }
  };

  document.querySelectorAll(".agenda > li[data-jour]").forEach((jour) => {
    actions(jour).setAttribute("aria-haspopup", "menu");
    actions(jour).setAttribute("aria-expanded", "false");
    actions(jour).setAttribute("role", "button");
  });

  document.addEventListener("click", (e) => {
    const jour = jourDe(e.target);
    if (jour && e.target.closest("a.bouton.carre") && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      if (ouvert === jour) ferme(true); else ouvre(jour);
    } else if (!e.target.closest(".agenda .flottant")) ferme(false);
  });

  document.addEventListener("contextmenu", (e) => {
    const jour = jourDe(e.target);
    if (!jour || e.target.closest(".flottant")) return;
    e.preventDefault();
    ouvre(jour);
  });

  let appui = 0, long = false;
  document.addEventListener("touchstart", (e) => {
    const jour = jourDe(e.target);
    long = false;
    if (jour && !e.target.closest(".flottant")) appui = setTimeout(() => { long = true; ouvre(jour); }, 550);
  }, { passive: true });
  ["touchend", "touchmove", "touchcancel"].forEach((nom) => document.addEventListener(nom, (e) => {
    clearTimeout(appui);
    if (long && nom === "touchend" && e.cancelable) e.preventDefault();
    long = false;
  }, { passive: false }));

  const deplace = (e, jour) => {
    const tous = choix(jour), ici = tous.indexOf(document.activeElement), n = tous.length;
    const vers = { ArrowDown: (ici + 1) % n, ArrowUp: (ici + n - 1) % n, Home: 0, End: n - 1 }[e.key];
    if (vers === undefined || !n) return false;
    tous[vers].focus();
    return true;
  };
  document.addEventListener("keydown", (e) => {
    const jour = jourDe(e.target);
    if (ouvert && e.key === "Escape") { e.preventDefault(); ferme(true); return; }
    if (!jour) return;
    const bouton = e.target.closest("a.bouton.carre");
    if (bouton && (e.key === "ContextMenu" || (e.key === "F10" && e.shiftKey) || e.key === " " || e.key === "ArrowDown")) {
      e.preventDefault();
      ouvre(jour);
    } else if (ouvert === jour && e.target.closest("[role=menu]")) {
      if (e.key === "Tab") ferme(false);
      else if (deplace(e, jour)) e.preventDefault();
    }
  });
})();

/* Marelle: what a page does better with a script. Nothing here is needed: every page works without it. */
(() => {
  "use strict";
  const trouve = (cible, selecteur) => cible instanceof Element ? cible.closest(selecteur) : null;

  /* A double-click is one action, not two: the second press on the same button within 400 ms is ignored. */
  let dernier = "", instant = 0;
  document.addEventListener("click", (e) => {
    const bouton = trouve(e.target, "button");
    if (!bouton || bouton.type !== "submit") return;
    const quoi = bouton.name ? bouton.name + "=" + bouton.value : bouton.textContent;
    const cle = (bouton.form && bouton.form.getAttribute("action")) + "|" + quoi;
    if (cle === dernier && e.timeStamp - instant < 400) { e.preventDefault(); e.stopImmediatePropagation(); return; }
    dernier = cle; instant = e.timeStamp;
  }, true);

  /* The month: one stop for Tab, then the arrows. Days without a button take the focus too and speak their reason. */
  const visible = (jour) => jour.offsetParent !== null;
  const joursDe = (table) => [...table.querySelectorAll(".jour")].filter(visible);
  const arret = (table, jour, focus) => {
    table.querySelectorAll(".jour").forEach((j) => { j.tabIndex = j === jour ? 0 : -1; });
    if (focus) jour.focus();
  };
  const prepare = (racine) => racine.querySelectorAll("table.mois:not([role])").forEach((table) => {
    table.setAttribute("role", "grid");
    table.querySelectorAll("td").forEach((case_) => case_.setAttribute("role", "gridcell"));
    const jours = joursDe(table);
    const choisi = jours.find((j) => j.value && j.value === table.dataset.dernier)
      || jours.find((j) => j.getAttribute("aria-current")) || jours.find((j) => j.matches("button, a")) || jours[0];
    if (choisi) arret(table, choisi, false);
  });
  const colonne = (jour) => jour.closest("td").cellIndex;
  const deplace = (table, jour, touche) => {
    const jours = joursDe(table), ici = jours.indexOf(jour);
    const rangee = jours.filter((j) => j.closest("tr") === jour.closest("tr"));
    const meme = jours.filter((j) => colonne(j) === colonne(jour)), la = meme.indexOf(jour);
    return { ArrowRight: jours[ici + 1], ArrowLeft: jours[ici - 1], ArrowDown: meme[la + 1], ArrowUp: meme[la - 1],
      Home: rangee[0], End: rangee[rangee.length - 1] }[touche];
  };
  document.addEventListener("keydown", (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const jour = trouve(e.target, "table.mois .jour");
    if (!jour) return;
    const table = jour.closest("table");
    if (e.key === "PageUp" || e.key === "PageDown") {
      const zone = jour.closest("section") || document;
      const lien = zone.querySelector(e.key === "PageUp" ? "a[rel=prev]" : "a[rel=next]");
      if (lien) { e.preventDefault(); lien.click(); }
      return;
    }
    const suivant = deplace(table, jour, e.key);
    if (suivant) arret(table, suivant, true);
    if (suivant || /^(Arrow|Home$|End$)/.test(e.key)) e.preventDefault();
  });
  document.addEventListener("focusin", (e) => {
    const jour = trouve(e.target, "table.mois .jour");
    if (jour) arret(jour.closest("table"), jour, false);
  });

  /* Right-click, Menu key, long press: the day's own form when it has one (data-menu), otherwise the same as a click. */
  const ouvre = (jour) => {
    const menu = jour.dataset.menu;
    if (!menu) return jour.matches("button, a") ? jour.click() : undefined;
    const boite = menu.startsWith("#") && document.getElementById(menu.slice(1));
    if (!boite) { interne = true; location.assign(menu); return; }
    if (boite.showModal) boite.showModal(); else boite.open = true;
    const premier = boite.querySelector("button, a, input, select, textarea");
    if (premier) premier.focus();
  };
  const JOURS = "button.jour, a.jour, .jour[data-menu]";
  let appui = 0, touche = false;
  document.addEventListener("contextmenu", (e) => {
    const jour = trouve(e.target, JOURS);
    if (!jour) return;
    e.preventDefault();
    if (!touche) ouvre(jour);
  });
  document.addEventListener("touchstart", (e) => {
    const jour = trouve(e.target, JOURS);
    touche = Boolean(jour);
    if (jour) appui = setTimeout(() => { appui = 0; jour.dataset.long = "1"; ouvre(jour); }, 550);
  }, { passive: true });
  ["touchend", "touchmove", "touchcancel"].forEach((nom) => document.addEventListener(nom, (e) => {
    clearTimeout(appui);
    const jour = trouve(e.target, ".jour[data-long]");
    if (jour) { delete jour.dataset.long; if (e.cancelable) e.preventDefault(); }
    setTimeout(() => { touche = false; }, 60);
  }, { passive: false }));

  /* Leaving with an unsent cart warns; going from page to page of the portal does not. */
  let interne = false;
  const marque = (e) => {
    const lien = trouve(e.target, "a[href]");
    if (e.type === "submit") interne = !e.target.hasAttribute("data-quitte");
    else if (lien) interne = lien.origin === location.origin;
    setTimeout(() => { interne = false; }, 1500);
  };
  document.addEventListener("click", marque, true);
  document.addEventListener("submit", marque, true);
  addEventListener("beforeunload", (e) => {
    if (document.body.hasAttribute("data-panier-non-envoye") && !interne) { e.preventDefault(); e.returnValue = ""; }
  });

  /* Menus close on Esc and on a click elsewhere. */
  const ferme = (sauf) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== sauf) menu.open = false;
  });
  document.addEventListener("click", (e) => {
    ferme(trouve(e.target, "details.menu"));
    const imprime = trouve(e.target, "[data-imprimer]");
    if (imprime) { e.preventDefault(); print(); }
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    const menu = trouve(e.target, "details.menu[open]");
    ferme(null);
    if (menu) menu.querySelector("summary").focus();
  });

  /* One role=status per page says the effect: the server sends HX-Trigger: {"dire": "…"}. */
  const dire = (texte, alerte) => {
    const statut = document.getElementById("statut");
    if (!statut) return;
    const message = document.createElement("p");
    message.className = "toast";
    message.textContent = texte;
    if (alerte) message.setAttribute("role", "alert");
    statut.replaceChildren(message);
    clearTimeout(dire.fin);
    dire.fin = setTimeout(() => message.remove(), 8000);
  };
  document.addEventListener("dire", (e) => dire(e.detail.value || e.detail));

  /* htmx: the CSRF token of the page, the focus on the same day after a swap, a sentence when the network is gone. */
  document.addEventListener("htmx:configRequest", (e) => {
    const jeton = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (jeton && e.detail.verb !== "get") e.detail.headers["X-CSRFToken"] = jeton.value;
  });
  let gardee = "";
  document.addEventListener("htmx:beforeSwap", () => {
    const jour = trouve(document.activeElement, ".jour");
    gardee = jour ? jour.value || jour.getAttribute("href") || "" : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    prepare(document);
    if (gardee && document.activeElement === document.body) {
      const jour = [...document.querySelectorAll(".jour")].find((j) => (j.value || j.getAttribute("href")) === gardee);
      if (jour) jour.focus();
    }
    gardee = "";
  });
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((nom) => document.addEventListener(nom, () =>
    dire("Votre choix n’est pas parti. Vérifiez la connexion, puis réessayez.", true)));
  document.addEventListener("htmx:afterOnLoad", (e) => {
    const ancienne = e.detail.successful && document.querySelector("#statut [role=alert]");
    if (ancienne) ancienne.remove();
  });

  /* Without a network the browser would put its own page in the place of what was typed; htmx answers for its own forms. */
  document.addEventListener("submit", (e) => {
    if (e.defaultPrevented || navigator.onLine) return;
    e.preventDefault();
    dire("Pas de connexion, rien n’est parti. Laissez cette page ouverte, puis réessayez.", true);
  });

  prepare(document);
})();

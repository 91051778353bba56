/* Renews only the role=status every 20 s: a whole reload would move the reader. */
setInterval(async () => {
  const reponse = await fetch(location, { cache: "no-store" });
  if (reponse.redirected) return location.replace(reponse.url);
  const page = new DOMParser().parseFromString(await reponse.text(), "text/html").querySelector("[role=status]");
  if (page) document.querySelector("[role=status]").replaceChildren(...page.childNodes); else location.reload();
}, 20000);

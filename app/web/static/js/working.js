/* Shows how far work is that goes on, and the page of what came of it once it is done. Without it
   the link beside it does the same. */
"use strict";

(() => {
  const EVERY = 2000;
  const bar = document.querySelector("[data-working]");
  if (!bar) return;
  const said = document.getElementById("how-far-said");

  const look = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-working]");
      if (!now) {
        location.reload();
        return;
      }
      if (now.hasAttribute("value")) bar.value = Number(now.getAttribute("value"));
      said.textContent = page.getElementById("how-far-said").textContent;
    } catch {
      // The line is down for a moment: it is asked again.
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
})();

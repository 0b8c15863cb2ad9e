/* Comforts only: every page works without this file. */
"use strict";

(() => {
  const closeMenus = (except) => {
    document.querySelectorAll("details.pop[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  };

  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.pop")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.pop[open]");
    closeMenus();
    if (menu) menu.querySelector("summary").focus();
  });

  // A second press while the first is under way must not send a form twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    delete form.dataset.changed;
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // <form data-guard>: ask before typed text is lost. <select data-submits>: a filter applies itself.
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && "guard" in form.dataset) form.dataset.changed = "yes";
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if ("submits" in event.target.dataset) event.target.form.requestSubmit();
  });

  // Errors first: whoever listens to the page hears what went wrong before anything else.
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();

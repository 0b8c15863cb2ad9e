/* Keeps what is typed in forms with data-draft, per account and form, until the server says that it
   is saved: a lost connection or an ended session loses nothing. */
"use strict";

(() => {
  const PREFIX = "draft:";
  const LONGEST = 14 * 24 * 3600 * 1000;
  let kept;
  try {
    kept = window.localStorage;
    kept.getItem(PREFIX);
  } catch {
    return; // The browser keeps nothing for this site.
  }

  const read = (name) => {
    try {
      return JSON.parse(kept.getItem(name));
    } catch {
      return null;
    }
  };
  const fieldsOf = (form) =>
    [...form.elements].filter(
      (field) => field.name && !["hidden", "file", "password", "submit", "button"].includes(field.type),
    );
  const valueOf = (field) =>
    ["checkbox", "radio"].includes(field.type) ? `${field.checked}` : field.value;
  const idOf = (field) => (field.type === "radio" ? `${field.name}=${field.value}` : field.name);
  const valuesOf = (form) =>
    Object.fromEntries(fieldsOf(form).map((field) => [idOf(field), valueOf(field)]));

  const putBack = (form, values) => {
    for (const field of fieldsOf(form)) {
      const value = values[idOf(field)];
      if (value === undefined) continue;
      if (["checkbox", "radio"].includes(field.type)) field.checked = value === "true";
      else field.value = value;
    }
    form.dataset.changed = "yes";
  };

  const offer = (form, name, draft) => {
    const box = form.querySelector("[data-draft-offer]");
    if (!box) return;
    const time = box.querySelector("[data-draft-time]");
    time.dateTime = new Date(draft.at).toISOString();
    time.textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
    box.hidden = false;
    box.querySelector("[data-draft-restore]").addEventListener("click", () => {
      putBack(form, draft.values);
      box.hidden = true;
      fieldsOf(form)[0]?.focus();
    });
    box.querySelector("[data-draft-drop]").addEventListener("click", () => {
      kept.removeItem(name);
      box.hidden = true;
      fieldsOf(form)[0]?.focus();
    });
  };

  const watch = (form) => {
    const name = PREFIX + form.dataset.draft;
    const shown = valuesOf(form);
    const draft = read(name);
    const differs = draft && Object.keys(draft.values).some(
      (id) => shown[id] !== undefined && shown[id] !== draft.values[id],
    );
    if (differs) offer(form, name, draft);
    const keep = () => {
      try {
        kept.setItem(name, JSON.stringify({ at: Date.now(), values: valuesOf(form) }));
      } catch {
        // There is no room: the form still works, it is only not kept.
      }
    };
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
  };

  document.querySelectorAll("[data-draft-done]").forEach((done) => {
    kept.removeItem(PREFIX + done.dataset.draftDone);
  });
  for (const name of Object.keys(kept).filter((key) => key.startsWith(PREFIX))) {
    const draft = read(name);
    if (!draft || Date.now() - draft.at > LONGEST) kept.removeItem(name);
  }
  document.querySelectorAll("form[data-draft]").forEach(watch);

  // Whoever signs out leaves nothing of theirs on a shared machine.
  document.querySelectorAll("form[data-forgets-drafts]").forEach((form) => {
    form.addEventListener("submit", () => {
      const own = `${PREFIX}${form.dataset.forgetsDrafts}/`;
      Object.keys(kept).filter((key) => key.startsWith(own)).forEach((key) => kept.removeItem(key));
    });
  });
})();

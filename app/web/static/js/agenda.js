/* Ordering an agenda by drag, with mouse, pen or finger. The buttons do the same without it. */
"use strict";

(() => {
  const EDGE = 60;
  const STEP = 12;

  const handle = () => {
    const made = document.createElement("span");
    made.className = "ag-drag";
    made.setAttribute("aria-hidden", "true");
    made.textContent = "\u2807";
    return made;
  };

  // A hidden button of the same form sends what the visible buttons send.
  const send = (form, row, to) => {
    const button = document.createElement("button");
    button.hidden = true;
    button.name = "to";
    button.value = to;
    button.formAction = row.dataset.move;
    form.append(button);
    form.requestSubmit(button);
  };

  const sortable = (list) => {
    const form = document.getElementById(list.dataset.sortable);
    let target = null;

    const clear = () => {
      for (const row of list.children) row.classList.remove("ag-drop-before", "ag-drop-after");
      target = null;
    };
    const over = (dragged, event) => {
      clear();
      const row = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-item]");
      if (!row || row === dragged || row.parentElement !== list) return;
      const box = row.getBoundingClientRect();
      const side = event.clientY > box.top + box.height / 2 ? "after" : "before";
      row.classList.add(`ag-drop-${side}`);
      target = `${side}:${row.dataset.item}`;
    };
    const scroll = (event) => {
      if (event.clientY < EDGE) window.scrollBy(0, -STEP);
      if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, STEP);
    };

    for (const row of list.children) {
      const grip = handle();
      row.prepend(grip);
      grip.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        grip.setPointerCapture(event.pointerId);
        row.classList.add("ag-dragged");
      });
      grip.addEventListener("pointermove", (event) => {
        if (!grip.hasPointerCapture(event.pointerId)) return;
        scroll(event);
        over(row, event);
      });
      grip.addEventListener("pointerup", () => {
        row.classList.remove("ag-dragged");
        const to = target;
        clear();
        if (to) send(form, row, to);
      });
      grip.addEventListener("pointercancel", () => {
        row.classList.remove("ag-dragged");
        clear();
      });
    }
  };

  document.querySelectorAll("[data-sortable]").forEach(sortable);
})();

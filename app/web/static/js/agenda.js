/* Ordering an agenda by drag. The buttons do the same without it. */
"use strict";

(() => {
  document.querySelectorAll("[data-sortable]").forEach((list) => {
    const form = document.getElementById(list.dataset.sortable);
    let dragged = null;

    const clear = () => {
      list.querySelectorAll(".ag-drop-before, .ag-drop-after").forEach((row) => {
        row.classList.remove("ag-drop-before", "ag-drop-after");
      });
    };
    const isAfter = (row, event) => {
      const box = row.getBoundingClientRect();
      return event.clientY > box.top + box.height / 2;
    };

    // A hidden button of the same form sends what the visible buttons send.
    const send = (row, to) => {
      const button = document.createElement("button");
      button.hidden = true;
      button.name = "to";
      button.value = to;
      button.formAction = row.dataset.move;
      form.append(button);
      form.requestSubmit(button);
    };

    for (const row of list.children) {
      row.draggable = true;
      row.classList.add("ag-drag");
      row.addEventListener("dragstart", (event) => {
        dragged = row;
        row.classList.add("ag-dragged");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", row.dataset.item);
      });
      row.addEventListener("dragend", () => {
        row.classList.remove("ag-dragged");
        dragged = null;
        clear();
      });
      row.addEventListener("dragover", (event) => {
        if (!dragged || dragged === row) return;
        event.preventDefault();
        clear();
        row.classList.add(isAfter(row, event) ? "ag-drop-after" : "ag-drop-before");
      });
      row.addEventListener("drop", (event) => {
        if (!dragged || dragged === row) return;
        event.preventDefault();
        const side = isAfter(row, event) ? "after" : "before";
        send(dragged, `${side}:${row.dataset.item}`);
      });
    }
  });
})();

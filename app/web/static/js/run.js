/* The running clock of a meeting. Without it the page shows the time as of when it was loaded. */
"use strict";

(() => {
  const box = document.querySelector("[data-clock]");
  if (!box || box.dataset.opened !== "1") return;
  const started = Date.now();
  const at = (name) => Number(box.dataset[name]);
  const isRunning = box.dataset.running === "1";

  const text = (seconds) => {
    const whole = Math.abs(seconds);
    const rest = String(whole % 60).padStart(2, "0");
    return `${seconds < 0 ? "\u2212" : ""}${Math.floor(whole / 60)}:${rest}`;
  };
  const show = (name, seconds) => {
    box.querySelector(`[data-show="${name}"]`).textContent = text(seconds);
  };

  // While an item is within its time, the end of the meeting does not move.
  const tick = () => {
    const passed = Math.floor((Date.now() - started) / 1000);
    const within = isRunning ? Math.min(passed, Math.max(0, at("left"))) : 0;
    const over = at("over") + passed - within;
    if (isRunning) {
      show("elapsed", at("elapsed") + passed);
      show("left", at("left") - passed);
      box.classList.toggle("rn-over", at("left") - passed < 0);
    }
    show("over", Math.abs(over));
    const shown = box.querySelector('[data-show="over"]');
    shown.classList.toggle("ag-over", over > 0);
    const term = shown.previousElementSibling;
    term.textContent = over > 0 ? term.dataset.late : term.dataset.early;
  };
  setInterval(tick, 1000);
})();

/* Comforts of a review: choices are saved without loading the page, and those of others appear.
   Without this file each choice loads the page, and others' choices show when it is loaded. */
"use strict";

(() => {
  const review = document.querySelector("[data-review]");
  if (!review) return;
  const EVERY = 5000;
  let last = review.dataset.last;
  let tag = "";

  const card = (html) => {
    const held = document.createElement("template");
    held.innerHTML = html;
    return held.content.querySelector("article");
  };
  const say = (article, text) => {
    const told = article.querySelector(".rv-choice");
    const line = document.createElement("p");
    line.className = "note note-warning";
    line.setAttribute("role", "status");
    line.textContent = text;
    article.querySelectorAll(".rv-choice > .note").forEach((old) => old.remove());
    told.append(line);
  };

  review.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!("inline" in form.dataset)) return;
    event.preventDefault();
    const article = form.closest("article");
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Part": "card" }, redirect: "manual",
      });
      const fresh = [200, 409, 422].includes(answer.status) ? card(await answer.text()) : null;
      // Anything else (signed out, closed): send it the plain way, so that the page says why.
      if (!fresh) { form.submit(); return; }
      article.replaceWith(fresh);
      (fresh.querySelector("[data-error-summary]") || fresh).focus();
    } catch {
      button.disabled = false;
      delete form.dataset.sent;
      form.dataset.changed = "yes";
      say(article, review.dataset.lostText);
    }
  });

  const show = (key, html) => {
    const article = document.getElementById(`d-${key}`);
    const fresh = card(html);
    if (!article || !fresh || Number(fresh.dataset.version) <= Number(article.dataset.version)) return;
    if (article.querySelector("form[data-changed]") || article.contains(document.activeElement)) {
      say(article, review.dataset.newsText);
    } else {
      article.replaceWith(fresh);
    }
  };

  const look = async () => {
    if (document.hidden) return;
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(`${review.dataset.review}?since=${last}`, { headers, cache: "no-store" });
    if (answer.status !== 200) return;
    tag = answer.headers.get("ETag") || "";
    const news = await answer.json();
    Object.entries(news.cards).forEach(([key, html]) => show(key, html));
    last = news.last;
    if (news.closed) {
      clearInterval(watch);
      const first = review.querySelector("article");
      if (first) say(first, review.dataset.closedText);
    }
  };
  const watch = setInterval(() => look().catch(() => {}), EVERY);
})();

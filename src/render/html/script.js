"use strict";
// Everything is in the page already. An element with data-from and data-to is true from one step to
// another; this shows those of the chosen step and marks what is new in it.
(function () {
  const find = (what) => document.getElementById(what);
  const slider = find("step");
  if (!slider) return;
  const end = Number(slider.max);
  const sides = [...document.querySelectorAll(".side")].map((side) => ({
    last: Number(side.dataset.last),
    timed: [...side.querySelectorAll("[data-from]")],
    rows: [...side.querySelectorAll("[data-step]")],
    box: side.querySelector(".columns"),
  }));
  const narratives = [...document.querySelectorAll("[data-step-text]")];
  let step = -1;

  const show = (side, now) => {
    const at = Math.min(now, side.last);
    for (const element of side.timed) {
      const from = Number(element.dataset.from);
      const shown = from <= at && at <= Number(element.dataset.to);
      element.toggleAttribute("hidden", !shown);
      // Past its end, an execution has nothing new.
      element.classList.toggle("is-new", shown && from === now && now > 0);
    }
    let current = null;
    for (const row of side.rows) {
      const own = Number(row.dataset.step);
      row.classList.toggle("now", own === now);
      row.classList.toggle("later", own > now);
      row.removeAttribute("aria-current");
      if (own === at && row.hasAttribute("data-first")) current = row;
      if (own === now && row.hasAttribute("data-first")) row.setAttribute("aria-current", "step");
    }
    // Only the box moves, never the page.
    side.box.scrollTop = current ? current.offsetTop - side.box.clientHeight / 2 : 0;
  };

  const go = (wanted, keep) => {
    const now = Math.max(0, Math.min(end, wanted));
    if (now === step) return;
    step = now;
    slider.value = String(now);
    slider.setAttribute("aria-valuetext", "step " + now + " of " + end);
    find("at").textContent = now + " of " + end;
    sides.forEach((side) => show(side, now));
    const narrative = narratives.find((one) => Number(one.dataset.stepText) === now);
    const narration = find("narration");
    narration.replaceChildren(...(narrative ? [...narrative.cloneNode(true).childNodes] : []));
    for (const button of document.querySelectorAll("[data-go]")) {
      const idle = Math.max(0, Math.min(end, target(button.dataset.go))) === now;
      button.setAttribute("aria-disabled", String(idle));
    }
    if (!keep) history.replaceState(null, "", "#step-" + now);
  };

  const moves = {
    first: () => 0,
    back: () => step - 1,
    next: () => step + 1,
    last: () => end,
  };
  // A button names a move, or a step.
  const target = (name) => (name in moves ? moves[name]() : Number(name));
  const keys = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last", k: "back", j: "next" };

  document.addEventListener("keydown", (event) => {
    const move = keys[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const letter = event.key.length === 1;
    if (letter && !find("by-letter").checked) return;
    // A box that scrolls and the slider have arrows of their own.
    const own = event.target instanceof Element && event.target.closest(".box, input");
    if (own && !letter) return;
    event.preventDefault();
    go(target(move));
  });
  for (const button of document.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => go(target(button.dataset.go)));
  }
  slider.addEventListener("input", () => go(Number(slider.value)));

  const linked = () => {
    const match = /^#step-(\d+)$/.exec(location.hash);
    return match ? Number(match[1]) : null;
  };
  // The row that is linked to stands in a box that scrolls by itself.
  const follow = () => {
    const wanted = linked();
    if (wanted === null) return;
    // The browser has moved the boxes as well; they are put right again.
    step = -1;
    go(wanted, true);
    find("steps").scrollIntoView();
  };
  window.addEventListener("hashchange", follow);
  window.addEventListener("load", follow);

  document.documentElement.classList.add("steps");
  for (const name of ["bar", "narration", "keys"]) find(name).hidden = false;
  const wanted = linked();
  go(wanted === null ? Number(slider.value) : wanted, true);
})();

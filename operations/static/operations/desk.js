// The desk: each press is kept here and in the browser, with its moment, until the register acknowledged it; one after
// the other, as often as it takes. What comes twice with one moment counts once. What is typed elsewhere stays typed.
"use strict";
{
  const byId = name => document.getElementById(name);
  const others = byId("others");
  const {store, changed, patience} = others.dataset;

  // --- What waits to be recorded. --------------------------------------------------------------------------------------

  const kept = () => {
    try {
      const keys = Object.keys(localStorage).filter(key => key.startsWith(store)).sort();
      return keys.map(key => JSON.parse(localStorage.getItem(key)));
    } catch {
      return []; // a browser that keeps nothing: presses wait on this page alone
    }
  };
  const keep = one => {
    try {
      localStorage.setItem(store + one.pressed, JSON.stringify(one));
    } catch { /* as above */ }
  };
  const forget = one => {
    try {
      localStorage.removeItem(store + one.pressed);
    } catch { /* as above */ }
  };
  const queue = kept();

  let last = 0;
  const moment = () => {
    last = Math.max(last + 1, Date.now()); // each press has a moment of its own
    return new Date(last).toISOString();
  };
  const clock = text => new Date(text).toLocaleTimeString("en-US", {hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "America/Chicago"});

  let trouble = "";
  const show = () => {
    const said = queue.map(one => `${clock(one.pressed)} ${one.said}`).join("; ");
    byId("unsent").hidden = !trouble;
    byId("unsent").textContent = !trouble ? "" : queue.length
      ? `${trouble} ${queue.length} not recorded yet, kept here and tried again: ${said}.`
      : `${trouble} What you press is kept here and recorded later. Telephone numbers on this page still hold.`;
    for (const button of document.querySelectorAll("#desk [data-waits]")) {
      button.removeAttribute("data-waits");
    }
    for (const one of queue) {
      const button = one.button && byId(one.button);
      if (button) {
        button.dataset.waits = "";
      }
    }
  };

  // --- The desk anew: what is typed, open and focused stays, but for what was recorded. ------------------------------

  const named = field => `${field.form ? field.form.getAttribute("action") : ""} ${field.name}`;
  const fields = () => [...document.querySelectorAll("#desk input:not([type=hidden]), #desk select")];
  const isTyped = field => field.type === "checkbox" ? field.checked : field.matches("select") ? field.selectedIndex > 0 : field.value !== "";
  let drawn = -Infinity;
  let pressed = "";
  let clicks = 1;

  const draw = (page, recorded) => {
    const typed = new Map(fields().filter(field => isTyped(field) && field.form.getAttribute("action") !== recorded).map(field => [named(field), field]));
    const open = [...document.querySelectorAll("#desk details[open]")].filter(one => !recorded || !one.closest("form") || one.closest("form").getAttribute("action") !== recorded).map(one => one.id);
    const here = document.activeElement;
    const focused = byId("desk").contains(here) ? {id: here.id, name: here.form ? named(here) : "", at: here.selectionStart} : null;
    byId("desk").replaceWith(page.getElementById("desk"));
    drawn = performance.now();
    for (const field of fields()) {
      const before = typed.get(named(field));
      if (before && before.type === "checkbox") {
        field.checked = before.checked;
      } else if (before) {
        field.value = before.value;
      }
      if (focused && !focused.id && focused.name === named(field)) {
        field.focus({preventScroll: true});
        if (typeof focused.at === "number") {
          field.setSelectionRange(focused.at, focused.at);
        }
      }
    }
    for (const one of open) {
      if (one && byId(one)) {
        byId(one).open = true;
      }
    }
    if (focused && focused.id) {
      const next = byId(focused.id) || document.querySelector("#desk .offers button, #desk .answers button");
      if (next) {
        next.focus({preventScroll: true});
      }
    }
    document.dispatchEvent(new Event("desk:drawn"));
    tick();
    show();
  };

  // --- Pressing and sending. -------------------------------------------------------------------------------------------

  document.addEventListener("click", event => {
    clicks = event.detail; // how many presses in one, of a mouse; none of a key
  }, true);
  document.addEventListener("submit", event => {
    const form = event.target;
    if (!form.closest("#desk")) {
      return;
    }
    event.preventDefault();
    const id = event.submitter ? event.submitter.id : "";
    if (clicks > 1 || (id && id === pressed && performance.now() - drawn < 500)) {
      return; // a hand that trembles: the second press was meant for what stood here before
    }
    pressed = id;
    const body = new FormData(form, event.submitter);
    body.delete("csrfmiddlewaretoken");
    const one = {url: form.getAttribute("action"), body: new URLSearchParams(body).toString(), button: id};
    if (queue.some(other => other.url === one.url && other.body === one.body)) {
      return; // it waits already
    }
    const text = [...form.querySelectorAll("input:not([type=hidden], [type=checkbox])")].map(field => field.value).filter(Boolean).join(", ");
    one.said = `${(event.submitter || form).textContent.trim().replace(/\s+/g, " ")}${text ? ` (${text})` : ""}`.slice(0, 90);
    one.pressed = moment();
    queue.push(one);
    keep(one);
    show();
    drain();
  });

  // Who signed in again has a new token; somebody else's presses are not sent in their name.
  const enter = async () => {
    try {
      const answer = await fetch(location.pathname, {headers: {"HX-Request": "true"}, signal: AbortSignal.timeout(10000)});
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const head = page.querySelector("#desk [data-user]");
      if (head && head.dataset.user !== document.querySelector("#desk [data-user]").dataset.user) {
        location.reload();
      } else if (head) {
        draw(page, "");
      }
    } catch { /* tried again with the press */ }
  };

  let busy = false;
  let again;
  const later = (why, seconds) => {
    trouble = why;
    clearTimeout(again);
    again = setTimeout(drain, seconds * 1000);
  };

  const drain = async () => {
    if (busy) {
      return;
    }
    busy = true;
    const refused = [];
    while (queue.length) {
      const one = queue[0];
      const token = document.querySelector("#desk [name=csrfmiddlewaretoken]");
      let answer;
      let page;
      try {
        answer = await fetch(one.url, {
          method: "POST", body: new URLSearchParams(`${one.body}&pressed=${encodeURIComponent(one.pressed)}`),
          headers: {"X-CSRFToken": token ? token.value : "", "HX-Request": "true"}, signal: AbortSignal.timeout(10000),
        });
        page = new DOMParser().parseFromString(await answer.text(), "text/html");
      } catch {
        later("The network does not answer.", 2);
        break;
      }
      if (answer.status === 403 || (answer.ok && !page.getElementById("desk"))) {
        later("You are signed out: sign in in another tab. Nothing is lost.", 5);
        await enter();
        break;
      }
      if (!answer.ok && answer.status !== 422 && answer.status !== 404) {
        later("The register could not answer.", 3);
        break;
      }
      trouble = "";
      queue.shift();
      forget(one);
      if (answer.status === 404) {
        location.reload();
        break;
      }
      draw(page, answer.status === 422 ? "" : one.url);
      // A refusal stays in sight while what was pressed after it is recorded.
      byId("said").prepend(...refused);
      refused.push(...document.querySelectorAll("#said .refused"));
    }
    busy = false;
    show();
  };
  window.addEventListener("online", drain);

  // --- Who else pressed, and how long who was asked is silent. --------------------------------------------------------

  const ask = async () => {
    const head = document.querySelector("#desk [data-open]");
    if (!head || busy || document.hidden) {
      return;
    }
    try {
      const answer = await fetch(`${changed}?since=${head.dataset.cursor}`, {signal: AbortSignal.timeout(10000)});
      trouble = queue.length ? trouble : "";
      const part = answer.status === 200 && !answer.redirected && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[role=status]");
      others.replaceChildren(...(part ? [part] : []));
    } catch {
      trouble = trouble || `The network does not answer since ${clock(new Date())}.`;
    }
    show();
  };
  setInterval(ask, 5000);
  others.addEventListener("click", async event => {
    const link = event.target.closest("a");
    if (!link) {
      return;
    }
    event.preventDefault();
    try {
      const answer = await fetch(link.href, {headers: {"HX-Request": "true"}, signal: AbortSignal.timeout(10000)});
      draw(new DOMParser().parseFromString(await answer.text(), "text/html"), "");
      others.replaceChildren();
    } catch {
      location.reload();
    }
  });

  const tick = () => {
    for (const one of document.querySelectorAll("#desk [data-asked]")) {
      const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(one.dataset.asked)) / 60000));
      one.querySelector(".waited").textContent = minutes > 120 ? "over 2 h" : `${minutes} min`;
      one.classList.toggle("silent", minutes >= Number(patience));
    }
  };
  setInterval(tick, 15000);

  const first = document.querySelector("#desk .offers button");
  if (first && !document.querySelector("#desk .refused")) {
    first.focus({preventScroll: true});
  }
  show();
  drain();
}

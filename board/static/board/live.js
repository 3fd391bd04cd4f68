// The live meeting page: the big field and its keys, and the presses, each kept until the register acknowledged it.
// A press carries the moment it was made; the register counts what comes twice with one moment once.
"use strict";
{
  const live = document.getElementById("live");
  const token = document.querySelector("#token [name=csrfmiddlewaretoken]");
  const byId = name => document.getElementById(name);

  document.addEventListener("htmx:configRequest", event => {
    if (token && event.detail.verb !== "get") {
      event.detail.headers["X-CSRFToken"] = token.value;
    }
  });

  // A form may have left the desk before its answer came: the parts still find their places, a refusal is still told.
  const late = event => {
    if (event.detail.elt && !document.contains(event.detail.elt)) {
      const answer = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
      event.detail.shouldSwap = false;
      if (event.detail.xhr.status !== 422) {
        for (const part of answer.querySelectorAll("[hx-swap-oob]")) {
          if (!byId(part.id)) {
            part.remove();
          }
        }
        htmx.swap(document.body, answer.body.innerHTML, {swapStyle: "none"});
        return;
      }
      const refused = answer.querySelector(".refused");
      if (refused && byId("said")) {
        byId("said").className = "said refused";
        byId("said").textContent = refused.textContent.trim();
      }
    }
  };
  document.addEventListener("htmx:load", event => {
    for (const form of [event.target, ...event.target.querySelectorAll("form")].filter(one => one.matches("form"))) {
      form.addEventListener("htmx:beforeSwap", late); // on the form itself: from one that left nothing rises
    }
  });

  // --- The hour of the register: never ahead of it, and as near as the quickest answer told. ----------------------

  let offset = -Infinity;
  const learn = text => {
    const told = Date.parse(text) - Date.now();
    if (!Number.isNaN(told)) {
      offset = Math.max(offset, told);
    }
  };
  let last = 0;
  const moment = () => {
    last = Math.max(last + 1, Date.now() + Math.min(offset, 1e12)); // each press has a moment of its own
    return new Date(last).toISOString();
  };
  document.addEventListener("htmx:afterRequest", event => {
    const xhr = event.detail.xhr;
    if (xhr && xhr.getResponseHeader && xhr.getResponseHeader("X-Moment")) {
      learn(xhr.getResponseHeader("X-Moment"));
    }
  });

  // --- Ballots: the running sum against those present. ---------------------------------------------------------------

  document.addEventListener("input", event => {
    if (!event.target.matches("[data-counted]")) {
      return;
    }
    const form = event.target.form;
    const sum = [...form.querySelectorAll("[data-counted]")].reduce((all, field) => all + (parseInt(field.value, 10) || 0), 0);
    const said = form.querySelector(".running-sum");
    const present = Number(said.dataset.present);
    said.textContent = `${sum} of ${present} present${sum > present ? ": more ballots than agencies" : ""}`;
    said.classList.toggle("too-many", sum > present);
  });

  // What was refused, and what was opened, is where the keyboard goes.
  const settle = target => {
    const here = target.id ? byId(target.id) || target : target;
    const wrong = here.querySelector && here.querySelector("[aria-invalid=true], .errorlist ~ input, .errorlist ~ textarea");
    const first = here.querySelector && here.querySelector("input:not([type=hidden]), select, textarea, #desk-title");
    if (!here.closest || !here.closest("#desk, #floor")) {
      return;
    }
    if (wrong || (here.id === "desk" && first)) {
      (wrong || first).focus({preventScroll: true});
    }
    reveal(wrong ? here : here.closest("#desk, #floor"));
  };

  // The side scrolls by itself where it stands beside the roll, the page where one part stands below the other.
  const reveal = part => {
    const side = part.closest(".live-side");
    if (side && side.scrollHeight > side.clientHeight && getComputedStyle(side).display !== "contents") {
      side.scrollTop += part.getBoundingClientRect().top - side.getBoundingClientRect().top;
    } else if (side) {
      part.scrollIntoView({block: "nearest"});
    }
  };
  document.addEventListener("htmx:afterSwap", event => {
    if (event.detail.elt && event.detail.elt.id !== "watch" && event.detail.xhr && event.detail.xhr.getResponseHeader("HX-Reswap") !== "none") {
      settle(event.target);
    }
  });
  // Where the keyboard was is gone: after a motion is recorded it is put, after all else the field waits.
  let done = "";
  document.addEventListener("htmx:afterRequest", event => {
    const floor = byId("floor");
    if (floor && event.detail.requestConfig.verb === "post" && event.detail.successful && event.detail.pathInfo.requestPath.includes("/act/")) {
      reveal(byId("desk").querySelector(".empty, .live-form-paragraph") ? floor : byId("desk"));
    }
    done = event.detail.requestConfig.verb === "post" && event.detail.successful ? event.detail.pathInfo.requestPath : done;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const next = (done.includes("/act/move/") && document.querySelector("#floor [name=method]")) || byId("find");
    if (next && (document.activeElement === document.body || document.activeElement === null)) {
      next.focus({preventScroll: true});
      done = "";
    }
  });

  document.addEventListener("keydown", event => {
    if (!event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const declare = document.querySelector("#floor .live-form-declare");
    const field = declare && declare.querySelector("input:not([type=hidden])");
    const target = {KeyM: document.querySelector("[data-key=move]"), KeyD: field || (declare && declare.querySelector("button"))}[event.code];
    if (target) {
      event.preventDefault();
      target.focus();
      if (target.matches("button")) {
        target.click();
      }
    }
  });

  if (live && live.classList.contains("runs")) {
    run();
  }

  function run() {
    const find = byId("find");
    const roll = byId("roll");
    const picked = byId("picked");
    const cells = () => [...roll.querySelectorAll("[data-entry]")];
    const voting = () => byId("floor").dataset.voting === "1";
    learn(live.dataset.now);

    // --- Presses are kept here and in the browser until acknowledged. ---------------------------------------------------

    const store = {
      all() {
        const found = [];
        for (let n = 0; n < localStorage.length; n++) {
          const key = localStorage.key(n);
          if (key.startsWith(live.dataset.store)) {
            found.push(JSON.parse(localStorage.getItem(key)));
          }
        }
        return found.sort((one, other) => (one.at < other.at ? -1 : 1));
      },
      add: one => localStorage.setItem(live.dataset.store + one.at, JSON.stringify(one)),
      drop: one => localStorage.removeItem(live.dataset.store + one.at),
    };
    const queue = store.all();

    // --- Narrowing the roll, and the one that is picked. ---------------------------------------------------------------

    let chosen = null; // the key of an entry
    const VOTES = {for: "For", against: "Against", abstain: "Abstains"};
    const words = text => text.toLowerCase().split(/[^a-z0-9]+/);
    const fits = (cell, typed) => {
      const name = cell.dataset.name.toLowerCase();
      const parts = typed.toLowerCase().trim();
      return name.startsWith(parts) || words(`${cell.dataset.name} ${cell.dataset.who}`).some(word => word.startsWith(parts))
        || name.includes(` ${parts}`) || cell.dataset.who.toLowerCase().startsWith(parts);
    };
    const shown = () => cells().filter(cell => !cell.hidden);
    const cellOf = key => roll.querySelector(`[data-entry="${key}"]`);

    // How a member stands once everything that waits is recorded.
    const standing = cell => {
      const {state, stay = "", vote} = cell.dataset;
      return queue.filter(one => one.entry === cell.dataset.entry).reduce((so, one) => {
        if (one.act === "arrive" || one.act === "afar") {
          return {...so, state: "here", stay: one.at};
        }
        return one.act in VOTES ? {...so, vote: one.act} : {...so, state: one.act === "leave" ? "left" : "away", stay: ""};
      }, {state, stay, vote});
    };
    const silent = cell => standing(cell).state === "here" && standing(cell).vote === "";

    const narrow = (repick = false) => {
      const typed = find.value.trim();
      const whole = live.dataset.whole === "1";
      for (const cell of cells()) {
        cell.hidden = whole && typed !== "" && !fits(cell, typed);
      }
      if (repick) {
        const open = shown();
        const begin = open.find(cell => typed && cell.dataset.name.toLowerCase().startsWith(typed.toLowerCase()));
        const next = voting() ? open.find(silent) : null;
        chosen = typed ? (begin || open[0] || {dataset: {}}).dataset.entry || null : next ? next.dataset.entry : null;
      }
      pick();
    };

    const pick = () => {
      const cell = chosen && cellOf(chosen);
      for (const other of roll.querySelectorAll("[aria-selected=true]")) {
        other.setAttribute("aria-selected", "false");
      }
      picked.hidden = !cell;
      if (!cell) {
        find.removeAttribute("aria-activedescendant");
        return;
      }
      cell.setAttribute("aria-selected", "true");
      find.setAttribute("aria-activedescendant", cell.id);
      cell.scrollIntoView({block: "nearest"});
      byId("picked-name").textContent = cell.dataset.name;
      const who = cell.dataset.who && !cell.dataset.name.includes(cell.dataset.who) ? `${cell.dataset.who} · ` : "";
      const recused = cell.dataset.recused ? ` · recused: ${cell.dataset.recused}` : "";
      byId("picked-word").textContent = `${who}${cell.dataset.word}${recused}`;
      const {state} = standing(cell);
      for (const button of picked.querySelectorAll("[data-for]")) {
        const when = button.dataset.for.split(" ");
        button.hidden = !(when.includes(state) || (when.includes("voting") && voting() && state === "here"));
      }
    };

    let asking;
    find.addEventListener("input", () => {
      byId("said").textContent = "";
      if (live.dataset.whole === "1") {
        narrow(true);
        return;
      }
      clearTimeout(asking);
      asking = setTimeout(() => fetchRoll().then(() => narrow(true)), 150);
    });
    const fetchRoll = () => htmx.ajax("GET", `${live.dataset.roll}?q=${encodeURIComponent(find.value.trim())}`, {target: "#roll", swap: "innerHTML"});
    document.body.addEventListener("roll-changed", () => {
      if (live.dataset.whole === "1") {
        htmx.ajax("GET", live.dataset.roll, {target: "#roll", swap: "innerHTML"});
      } else {
        fetchRoll();
      }
    });

    // --- Keys. ---------------------------------------------------------------------------------------------------------

    const CHOICES = {1: "for", 2: "against", 3: "abstain"};
    find.addEventListener("keydown", event => {
      const cell = chosen && cellOf(chosen);
      if (event.key === "Escape") {
        find.value = "";
        byId("said").textContent = "";
        refind();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const open = shown();
        const here = open.findIndex(one => one.dataset.entry === chosen);
        const step = event.key === "ArrowDown" ? 1 : -1;
        const next = open[here < 0 ? (step > 0 ? 0 : open.length - 1) : (here + step + open.length) % open.length];
        chosen = next ? next.dataset.entry : null;
        pick();
      } else if (CHOICES[event.key] && voting() && cell && !event.ctrlKey && !event.altKey && !event.metaKey) {
        press(cell, CHOICES[event.key]);
      } else if (event.key === "Enter" && cell) {
        const here = standing(cell).state === "here";
        if (event.shiftKey) {
          press(cell, "leave");
        } else if (here) {
          press(cell, "back");
        } else {
          press(cell, event.altKey || event.ctrlKey || byId("afar").checked ? "afar" : "arrive");
        }
      } else if (event.key === "Enter" && find.value.trim()) {
        say(`Nobody on the roll begins with “${find.value.trim()}”.`);
      } else {
        return;
      }
      event.preventDefault();
    });

    // Find the next one: all of the roll is shown again.
    const refind = () => {
      if (live.dataset.whole === "1") {
        narrow(true);
      } else {
        fetchRoll().then(() => narrow(true));
      }
    };

    let touched = -Infinity;
    roll.addEventListener("click", event => {
      const cell = event.target.closest("[data-entry]");
      if (!cell || event.timeStamp - touched < 400) {
        return; // a finger that trembles counts once
      }
      touched = event.timeStamp;
      chosen = cell.dataset.entry;
      pick();
      const {state} = standing(cell);
      if (!voting() && (state === "away" || state === "left")) {
        press(cell, byId("afar").checked ? "afar" : "arrive", false);
      }
    });

    picked.addEventListener("click", event => {
      const button = event.target.closest("button");
      const cell = chosen && cellOf(chosen);
      if (!button || !cell) {
        return;
      }
      if (button.dataset.open) {
        const url = live.dataset[button.dataset.open].replace(/0\/$/, `${chosen}/`);
        htmx.ajax("GET", url, {target: "#desk", swap: "innerHTML"});
      } else {
        press(cell, button.dataset.act);
        find.focus({preventScroll: true});
      }
    });

    // --- Pressing and sending. -------------------------------------------------------------------------------------------

    const WORDS = {
      arrive: "present", afar: "present from afar", leave: "left", back: "taken back",
      for: "for", against: "against", abstain: "abstains",
    };

    const press = (cell, act, clear = true) => {
      const {stay, vote} = standing(cell);
      const made = {entry: cell.dataset.entry, name: cell.dataset.name, act, at: moment()};
      if (act === "back") {
        made.stay = stay;
      }
      if (act in VOTES) {
        made.motion = byId("floor").dataset.motion;
        made.change = vote ? "1" : "";
      }
      queue.push(made);
      store.add(made);
      if (clear) {
        find.value = "";
        refind();
      }
      byId("said").textContent = "";
      show();
      drain();
    };

    const say = text => {
      const said = byId("said");
      said.className = "said refused";
      said.textContent = text;
    };

    // What waits is seen in its cell and beside the field.
    let trouble = "";
    const show = () => {
      for (const cell of roll.querySelectorAll(".cell-waiting")) {
        cell.remove();
      }
      for (const one of queue) {
        const cell = cellOf(one.entry);
        if (cell) {
          const mark = document.createElement("span");
          mark.className = "cell-waiting";
          mark.textContent = `${WORDS[one.act]}, waiting`;
          cell.append(mark);
        }
      }
      const waiting = byId("waiting");
      waiting.hidden = !queue.length;
      waiting.classList.toggle("trouble", Boolean(trouble));
      const names = queue.slice(0, 3).map(one => `${one.name} ${WORDS[one.act]}`).join("; ");
      waiting.textContent = queue.length ? `${queue.length} waiting to be recorded: ${names}${queue.length > 3 ? " …" : ""}. ${trouble}` : "";
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
      while (queue.length) {
        const one = queue[0];
        const {name, ...sent} = one;
        const body = new URLSearchParams({...sent, since: byId("since").value});
        let answer;
        let text;
        try {
          answer = await fetch(live.dataset.press, {
            method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(8000),
            headers: {"X-CSRFToken": token.value, "HX-Request": "true"},
          });
          text = await answer.text();
        } catch {
          later("The network does not answer; trying again.", 2);
          break;
        }
        if (answer.type === "opaqueredirect" || answer.status === 403) {
          later("You are signed out: sign in in another tab, then reload this page. Nothing is lost.", 5);
          break;
        }
        if (answer.status !== 200 && answer.status !== 204 && answer.status !== 422 && answer.status !== 404) {
          later("The register could not answer; trying again.", 3);
          break;
        }
        trouble = "";
        learn(answer.headers.get("X-Moment"));
        queue.shift();
        store.drop(one);
        if (answer.headers.get("HX-Refresh")) {
          location.reload();
          break;
        }
        if (answer.status === 404) {
          say(`${name} is not on the roll of this meeting.`);
        } else if (text) {
          htmx.swap(document.body, text, {swapStyle: "none"});
        }
        if (answer.headers.get("HX-Trigger")) {
          document.body.dispatchEvent(new Event(answer.headers.get("HX-Trigger")));
        }
      }
      busy = false;
      show();
    };

    // Parts come new from the register: what is typed, picked and waiting is marked on them again.
    const after = () => {
      show();
      const cell = chosen && cellOf(chosen);
      narrow(!find.value.trim() && voting() && !(cell && silent(cell)));
    };
    new MutationObserver(changed => {
      if (changed.some(one => [...one.addedNodes].some(node => node.id && node.dataset && node.dataset.entry || node.id === "floor"))) {
        after();
      }
    }).observe(live, {childList: true, subtree: true});

    // A result is declared when all presses are recorded, so that it counts them.
    document.addEventListener("htmx:confirm", event => {
      if (queue.length && event.detail.verb === "post" && /\/act\/(put|declare|ballot|voice|suspend|adjourn)\//.test(event.detail.path)) {
        event.preventDefault();
        say("Some presses are still waiting to be recorded. Try again when they are.");
      }
    });

    window.addEventListener("online", drain);
    show();
    narrow(true);
    drain();
  }
}

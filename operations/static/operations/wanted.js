// Types of the catalogue for the part that is being typed: the arrows pick one, Enter or a press puts it in.
"use strict";
{
  const all = [...document.querySelectorAll("#catalogue [data-key]")].map(one => {
    const name = one.firstChild.textContent.trim();
    return {key: one.dataset.key, name, words: `${one.dataset.key} ${name}`.toLowerCase().split(/[^a-z0-9]+/)};
  });
  const SAID = /^(?:.*(?:[,;]\s*|\s(?:and|plus)\s+))?/i; // what stands before the part that is typed
  const COUNT = /^(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+(?:\s*(?:[-–]|to|or)\s*\d*)?)\s*x?\s+|^\d+/i;

  const propose = field => {
    const shown = document.createElement("ul");
    shown.className = "suggested";
    shown.id = `${field.id}-suggested`;
    shown.setAttribute("role", "listbox");
    shown.setAttribute("aria-label", "Types");
    shown.hidden = true;
    field.after(shown);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", shown.id);
    let picked = -1;

    const before = () => {
      const head = field.value.match(SAID)[0];
      const count = field.value.slice(head.length).match(COUNT);
      return head + (count ? count[0] : "");
    };
    const options = () => [...shown.children];
    const close = () => {
      shown.hidden = true;
      picked = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };
    const pick = to => {
      picked = to;
      options().forEach((one, turn) => one.setAttribute("aria-selected", String(turn === picked)));
      field.setAttribute("aria-activedescendant", options()[picked].id);
    };
    const take = one => {
      const head = before();
      field.value = `${head}${head && !/\s$/.test(head) ? " " : ""}${one.dataset.key}`;
      close();
      field.focus();
    };
    const open = () => {
      const typed = field.value.slice(before().length).trim().toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
      const found = typed.length ? all.filter(({words}) => typed.every(part => words.some(word => word.startsWith(part.replace(/s$/, ""))))) : [];
      close();
      if (!found.length || (found.length === 1 && found[0].key === typed.join("-"))) {
        return;
      }
      const whole = typed.join("-");
      found.sort((one, other) => other.key.startsWith(whole) - one.key.startsWith(whole));
      shown.replaceChildren(...found.slice(0, 6).map(({key, name}, turn) => {
        const one = document.createElement("li");
        one.id = `${shown.id}-${turn}`;
        one.dataset.key = key;
        one.setAttribute("role", "option");
        one.setAttribute("aria-selected", "false");
        one.textContent = name;
        return one;
      }));
      shown.hidden = false;
      field.setAttribute("aria-expanded", "true");
    };
    field.addEventListener("input", open);
    field.addEventListener("blur", () => setTimeout(close, 150));
    field.addEventListener("keydown", event => {
      const many = shown.hidden ? 0 : options().length;
      if (many && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        pick(event.key === "ArrowDown" ? (picked + 1) % many : (picked + many + (picked < 0 ? 0 : -1)) % many);
      } else if (many && event.key === "Enter" && picked >= 0) {
        take(options()[picked]);
      } else if (many && event.key === "Escape") {
        close();
      } else {
        return;
      }
      event.preventDefault();
    });
    shown.addEventListener("pointerdown", event => {
      const one = event.target.closest("[data-key]");
      if (one) {
        event.preventDefault();
        take(one);
      }
    });
  };

  const wire = () => {
    for (const field of document.querySelectorAll("[data-wanted]:not([role=combobox])")) {
      propose(field);
    }
  };
  if (all.length) {
    document.addEventListener("desk:drawn", wire);
    wire();
  }
}

// Recording a payment: the open invoices of an agency appear as it is chosen, ticks fill the amounts, and a line says
// what is left over. Without this script the buttons send the page, which comes back with the same.
"use strict";
{
  const form = document.querySelector("form[data-pays]");
  const place = form && document.getElementById("invoices");
  const line = form && form.querySelector("[data-so-far]");
  const field = name => form.elements.namedItem(name);
  let asked = 0;

  // Whole cents, never a fraction: "$1,234.50" is 123450. Null for what is no amount.
  const cents = text => {
    const match = /^\$? ?(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d{0,2}))?$/.exec(text.trim());
    if (!match || !(match[1] || match[2])) {
      return null;
    }
    return Number(match[1].replaceAll(",", "") || "0") * 100 + Number((match[2] || "").padEnd(2, "0"));
  };
  const typed = amount => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
  const shown = amount => `$${Math.floor(amount / 100).toLocaleString("en-US")}.${String(amount % 100).padStart(2, "0")}`;

  const thereIs = () => form.dataset.there ? cents(form.dataset.there) : cents(field("amount").value);
  const holder = () => {
    const agency = field("agency");
    const name = agency && agency.selectedIndex >= 0 ? agency.options[agency.selectedIndex].text : "";
    return form.dataset.holder || name;
  };
  const rows = () => [...place.querySelectorAll("tr[data-balance]")].map(row => ({
    balance: cents(row.dataset.balance),
    tick: row.querySelector("input[type=checkbox]"),
    amount: row.querySelector("input.dollars"),
  })).filter(row => row.amount);
  const applied = () => rows().reduce((sum, row) => sum + (cents(row.amount.value) || 0), 0);

  const say = () => {
    const there = thereIs();
    const sum = applied();
    const over = there === null ? 0 : sum - there;
    line.classList.toggle("too-much", over > 0);
    if (there === null) {
      line.textContent = sum ? `${shown(sum)} ticked. Give the amount of the payment above.` : "";
    } else if (over > 0) {
      line.textContent = `Applied ${shown(sum)} of ${shown(there)}: ${shown(over)} too much.`;
    } else if (over === 0) {
      line.textContent = `Applied ${shown(sum)} of ${shown(there)}. Nothing is left over.`;
    } else {
      const whose = holder();
      const rest = whose ? `becomes credit of ${whose}` : "belongs to nobody yet: choose the agency that pays";
      line.textContent = `Applied ${shown(sum)} of ${shown(there)}. Left over ${shown(-over)} ${form.dataset.there ? `stays credit of ${whose}` : rest}.`;
    }
  };

  const fill = (row, left) => {
    const amount = left === null ? row.balance : Math.min(row.balance, Math.max(left, 0));
    row.amount.value = amount ? typed(amount) : "";
    row.tick.checked = amount > 0;
  };
  const left = () => thereIs() === null ? null : thereIs() - applied();

  const oldestFirst = () => {
    const all = rows();
    for (const row of all) {
      row.amount.value = "";
      row.tick.checked = false;
    }
    for (const row of all) {
      fill(row, left());
    }
    say();
  };

  // The table of the agencies chosen; what was ticked and typed stays.
  const load = async () => {
    const turn = ++asked;
    const query = new URLSearchParams(new FormData(form));
    for (const name of [...query.keys()]) {
      if (!["agency", "others", "received_on", "on"].includes(name)) {
        query.delete(name);
      }
    }
    const address = new URL(form.dataset.pays, location.href);
    for (const [name, value] of query) {
      address.searchParams.append(name, value);
    }
    let answer = null;
    try {
      answer = await fetch(address);
    } catch {
      // The network is gone: said below like every other failure.
    }
    if (turn !== asked) {
      return;
    }
    if (!answer || !answer.ok || answer.redirected) {
      line.textContent = "The open invoices could not be fetched. Check the connection and choose the agency again.";
      return;
    }
    const kept = new Map(rows().flatMap(row => [[row.tick.name, row.tick.checked], [row.amount.name, row.amount.value]]));
    place.innerHTML = await answer.text();
    for (const row of rows()) {
      row.tick.checked = kept.get(row.tick.name) || false;
      row.amount.value = kept.get(row.amount.name) || "";
    }
    say();
  };

  // Up and down from line to line, in the same column.
  const move = event => {
    const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
    const all = rows();
    const at = all.findIndex(row => row.tick === event.target || row.amount === event.target);
    const next = step && at >= 0 ? all[at + step] : null;
    if (next) {
      event.preventDefault();
      (all[at].tick === event.target ? next.tick : next.amount).focus();
    }
  };

  if (form) {
    form.querySelector("[data-without-script]").remove();
    const oldest = form.querySelector("[data-oldest]");
    oldest.type = "button";
    oldest.addEventListener("click", oldestFirst);
    place.addEventListener("change", event => {
      const row = rows().find(one => one.tick === event.target);
      if (row) {
        row.amount.value = "";
        if (row.tick.checked) {
          fill(row, left());
          row.tick.checked = true;
        }
      }
      say();
    });
    form.addEventListener("input", event => {
      const row = rows().find(one => one.amount === event.target);
      if (row) {
        row.tick.checked = row.amount.value.trim() !== "";
      }
      say();
    });
    place.addEventListener("keydown", move);
    // Pressed twice, it is sent once; whoever comes back to the page may send it again.
    let sent = false;
    form.addEventListener("submit", event => {
      if (sent) {
        event.preventDefault();
      }
      sent = true;
    });
    addEventListener("pageshow", () => {
      sent = false;
    });
    // The choice of an agency tells only jQuery that it changed.
    django.jQuery(form).on("change", "select[name=agency], select[name=others]", load);
    for (const name of ["received_on", "on"]) {
      const on = field(name);
      if (on) {
        let before = on.value;
        on.addEventListener("blur", () => {
          if (on.value !== before) {
            before = on.value;
            load();
          }
        });
      }
    }
    say();
  }
}

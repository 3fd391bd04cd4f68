// Lines with a tick and an amount: how many are ticked and what they come to, said below as it changes.
"use strict";
{
  const form = document.querySelector("form[data-ticks]");
  const line = form && form.querySelector("[data-so-far]");
  const ticks = form ? [...form.querySelectorAll("input[data-amount]")] : [];
  const cents = text => Number(text.replace(/[^0-9]/g, ""));

  const say = () => {
    const on = ticks.filter(tick => tick.checked);
    const sum = on.reduce((all, tick) => all + cents(tick.dataset.amount), 0);
    const dollars = `$${Math.floor(sum / 100).toLocaleString("en-US")}.${String(sum % 100).padStart(2, "0")}`;
    line.textContent = `${form.dataset.ticks}: ${dollars}, ${on.length} of ${ticks.length} ticked`;
  };

  // Up and down from line to line.
  const move = event => {
    const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
    const next = step && ticks[ticks.indexOf(event.target) + step];
    if (next && ticks.includes(event.target)) {
      event.preventDefault();
      next.focus();
    }
  };

  if (line) {
    form.addEventListener("change", say);
    form.addEventListener("keydown", move);
    say();
  }
}

// The desk: a press carries its moment, and is kept and sent again until the register acknowledged it.
"use strict";
{
  htmx.config.attributesToSettle = ["class"]; // styles come from style sheets alone

  const unsent = () => document.getElementById("unsent");
  const waiting = [];
  const send = form => form.element.requestSubmit(form.button);

  const hide = () => {
    unsent().hidden = !waiting.length;
    unsent().textContent = waiting.length ? `${waiting.length} not recorded yet; trying again: ${waiting.map(one => one.said).join("; ")}` : "";
  };

  document.addEventListener("submit", event => {
    const form = event.target;
    if (!form.closest("#desk") || form.dataset.pressed) {
      return;
    }
    form.dataset.pressed = new Date().toISOString();
  }, true);

  document.addEventListener("htmx:configRequest", event => {
    const form = event.detail.elt.closest("form");
    if (form && form.dataset.pressed) {
      event.detail.parameters.pressed = form.dataset.pressed;
    }
  });

  const again = event => {
    const form = event.detail.elt.closest("form");
    if (!form) {
      return;
    }
    const button = event.detail.requestConfig.triggeringEvent && event.detail.requestConfig.triggeringEvent.submitter;
    if (!waiting.some(one => one.element === form)) {
      waiting.push({element: form, button, said: (button || form).textContent.trim().slice(0, 60)});
    }
    hide();
    setTimeout(() => form.isConnected && send({element: form, button}), 2000);
  };
  document.addEventListener("htmx:sendError", again);
  document.addEventListener("htmx:timeout", again);
  document.addEventListener("htmx:responseError", event => {
    const {status} = event.detail.xhr;
    if (status >= 500) {
      again(event);
    } else {
      unsent().hidden = false;
      unsent().textContent = "Not recorded: you may be signed out. Sign in in another tab, then press again.";
    }
  });

  document.addEventListener("htmx:afterSwap", event => {
    if (event.detail.target && event.detail.target.id === "desk") {
      waiting.length = 0;
      hide();
      const next = document.querySelector("#desk .refused, #desk .offers button");
      if (next && document.activeElement === document.body && next.matches("button")) {
        next.focus({preventScroll: true});
      }
    }
  });

  const first = document.querySelector("#desk .offers button");
  if (first) {
    first.focus({preventScroll: true});
  }
}

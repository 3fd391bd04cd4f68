// Shows beside the form of an act what it would do, as soon as enough is filled in. Without this script the button
// "See its effect" sends the page and says the same.
"use strict";
{
  const form = document.querySelector("form[data-effect]");
  const place = form && document.getElementById(form.dataset.effect);
  const said = () => [...new FormData(form).values()].filter(value => typeof value === "string").join("\n");
  let asked = 0;
  let shown = null;

  // Each state of the form is asked for once.
  const show = async () => {
    if (said() === shown) {
      return;
    }
    shown = said();
    const turn = ++asked;
    const data = new FormData(form);
    for (const [name, value] of [...data]) {
      if (value instanceof File) {
        data.delete(name);
      }
    }
    data.append("preview", "1");
    try {
      const answer = await fetch(form.action, {method: "POST", body: data, headers: {"X-Effect": "1"}});
      if (answer.ok && turn === asked) {
        place.innerHTML = await answer.text();
      }
    } catch {
      shown = null; // The network is gone: ask again when the button is pressed.
    }
  };

  const complete = () => [...form.querySelectorAll("[required]")]
    .every(field => field.type === "file" || field.value.trim() !== "");
  // The date picker and autocomplete change their fields without an event: whoever leaves a field is looked after.
  const left = () => {
    if (complete()) {
      show();
    }
  };

  if (place) {
    form.addEventListener("focusout", event => {
      // Whoever goes on to a button is answered by the button.
      if (!event.relatedTarget || event.relatedTarget.type !== "submit") {
        setTimeout(left, 50);
      }
    });
    form.addEventListener("submit", () => {
      shown = said();
    });
    form.querySelector("[name=preview]").addEventListener("click", event => {
      event.preventDefault();
      show();
      place.scrollIntoView({block: "nearest"});
    });
  }
}

// A call is sent only when the register answers: without network nothing that was typed is lost, and it goes by itself.
"use strict";
{
  const form = document.querySelector("form.call");
  const unsent = document.getElementById("unsent");
  const tell = said => {
    unsent.hidden = false;
    unsent.textContent = said;
    setTimeout(send, 2000);
  };
  let waiting = false;
  form.addEventListener("submit", event => {
    event.preventDefault();
    if (!waiting) {
      waiting = true;
      send();
    }
  });

  const send = async () => {
    let page;
    try {
      const answer = await fetch(location.href, {signal: AbortSignal.timeout(8000)});
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.status >= 500) {
        throw new Error("no answer");
      }
    } catch {
      tell("The network does not answer. Nothing is lost: the incident is opened as soon as it does. Leave this page open, and begin to call by the printed card.");
      return;
    }
    const token = page.querySelector("form.call [name=csrfmiddlewaretoken]");
    if (!token) {
      tell("You are signed out: sign in in another tab. Nothing is lost, the incident is opened then.");
      return;
    }
    form.querySelector("[name=csrfmiddlewaretoken]").value = token.value; // who signed in again has a new one
    form.submit();
    setTimeout(() => { waiting = false; }, 5000);
  };
}

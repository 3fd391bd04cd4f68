// A call is sent only when the register answers: without network nothing that was typed is lost, and it goes by itself.
"use strict";
{
  const form = document.querySelector("form.call");
  const unsent = document.getElementById("unsent");
  let waiting = false;
  form.addEventListener("submit", event => {
    event.preventDefault();
    if (!waiting) {
      waiting = true;
      send();
    }
  });

  const send = async () => {
    try {
      const answer = await fetch(location.href, {method: "HEAD", signal: AbortSignal.timeout(8000)});
      if (answer.status < 500) {
        form.submit();
        setTimeout(() => { waiting = false; }, 5000);
        return;
      }
    } catch { /* the network is gone: tried again */ }
    unsent.hidden = false;
    unsent.textContent = "The network does not answer: nothing is lost, and the incident is opened as soon as it does. Leave this page open, and begin to call by the printed card.";
    setTimeout(send, 2000);
  };
}

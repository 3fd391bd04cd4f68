// Types of the catalogue that begin with what is typed of the last part; a press puts one in.
"use strict";
{
  const all = [...document.querySelectorAll("#catalogue [data-key]")].map(one => [one.dataset.key, one.textContent.trim()]);
  for (const field of document.querySelectorAll("[data-wanted]")) {
    if (!all.length) {
      break;
    }
    const shown = document.createElement("p");
    shown.className = "suggested";
    shown.setAttribute("role", "status");
    field.after(shown);
    field.addEventListener("input", () => {
      const part = field.value.slice(field.value.lastIndexOf(",") + 1).trim().toLowerCase().split(" ")[0];
      shown.textContent = "";
      for (const [key] of part ? all.filter(([name, said]) => name.startsWith(part) || said.toLowerCase().includes(` ${part}`)).slice(0, 6) : []) {
        const button = document.createElement("button");
        button.type = "button";
        button.tabIndex = -1;
        button.className = "button second";
        button.textContent = key;
        button.addEventListener("click", () => {
          field.value = field.value.slice(0, field.value.lastIndexOf(",") + 1) + (field.value.includes(",") ? " " : "") + key + " ";
          field.focus();
        });
        shown.append(button, " ");
      }
    });
  }
}

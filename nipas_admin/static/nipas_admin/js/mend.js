// Names and relations that stock admin's scripts leave out of what they build, so that a screen reader can say them.
"use strict";
{
  const mendCombobox = box => {
    const value = box.querySelector(".select2-selection__rendered");
    const field = box.closest(".select2-container").previousElementSibling;
    const label = field && field.labels && field.labels[0];
    if (!label || !value) {
      return;
    }
    label.id = label.id || `${field.id}_label`;
    value.id = value.id || `select2-${field.id}-container`;
    value.removeAttribute("role");
    value.removeAttribute("aria-readonly");
    box.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
    box.setAttribute("aria-controls", `select2-${field.id}-results`);
    box.dataset.mended = "";
  };

  const mend = () => {
    for (const icon of document.querySelectorAll(".search-label-icon[aria-label]:not([role])")) {
      icon.setAttribute("role", "img");
    }
    document.querySelectorAll(".select2-selection[role=combobox]:not([data-mended])").forEach(mendCombobox);
    for (const search of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
      search.setAttribute("aria-label", "Type to find");
    }
    for (const list of document.querySelectorAll(".select2-results__options[role=listbox]:not([aria-label])")) {
      list.setAttribute("aria-label", "Matches");
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    mend();
    new MutationObserver(mend).observe(document.body, {childList: true, subtree: true});
  });
}

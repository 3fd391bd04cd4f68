// Names that stock admin's scripts leave out of what they build, so that a screen reader can say them.
"use strict";
{
  const mend = root => {
    for (const icon of root.querySelectorAll(".search-label-icon[aria-label]:not([role])")) {
      icon.setAttribute("role", "img");
    }
    for (const box of root.querySelectorAll(".select2-selection[role=combobox]:not([aria-label])")) {
      const field = box.closest(".select2-container").previousElementSibling;
      const label = field && field.labels && field.labels[0];
      if (label) {
        box.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
        box.removeAttribute("aria-labelledby");
      }
    }
    for (const search of root.querySelectorAll(".select2-search__field:not([aria-label])")) {
      search.setAttribute("aria-label", "Type to find");
    }
    for (const list of root.querySelectorAll("ul.select2-results__options[role=listbox]:not([aria-label])")) {
      list.setAttribute("aria-label", "Matches");
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    mend(document);
    new MutationObserver(() => mend(document)).observe(document.body, {childList: true, subtree: true});
  });
}

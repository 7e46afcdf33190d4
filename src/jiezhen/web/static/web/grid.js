// A click anywhere in a row equals its first link; the bulk bar says how many are selected.
const ACTIVE = "a, button, input, select, textarea, label, summary, details";

function firstLink(row) {
  return row.querySelector("td:not(.pick) a[href]");
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-grid] tr[data-row]");
  if (!row || event.target.closest(ACTIVE) || event.defaultPrevented) return;
  if (String(window.getSelection())) return; // the person is copying text
  const link = firstLink(row);
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});

function count() {
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    const chosen = document.querySelectorAll(`input[name="selected"][form="${bar.id}"]:checked`).length;
    const text = bar.querySelector("[data-bulk-count]");
    if (text) text.textContent = text.dataset.text.replace("%s", chosen);
    bar.classList.toggle("has-chosen", chosen > 0);
    for (const button of bar.querySelectorAll("button")) button.disabled = chosen === 0;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.name === "selected") count();
});
document.addEventListener("htmx:afterSettle", count);
count();

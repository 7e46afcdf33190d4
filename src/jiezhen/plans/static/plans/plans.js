// A refused form (422) comes back with its words, so it is shown; files may be dropped.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

for (const zone of document.querySelectorAll("[data-drop]")) {
  const field = zone.querySelector('input[type="file"]');
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    if (!field || !event.dataTransfer.files.length) return;
    event.preventDefault();
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// The chosen row may lie far down in its own pane.
const chosen = document.querySelector(".rows tr.current");
if (chosen) chosen.scrollIntoView({ block: "nearest" });
document.addEventListener("htmx:afterSwap", (event) => {
  const row = event.target.id === "rows" && event.target.querySelector("tr.current");
  if (row) row.scrollIntoView({ block: "nearest" });
});

// On a phone the reason stands far below the row that was pressed.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "detail" || !window.matchMedia("(max-width: 45em)").matches) return;
  if (event.target.closest("[data-split]")) return;
  event.target.scrollIntoView({ block: "center" });
});

// In the list of tasks the row whose reason is shown below is the current one.
document.addEventListener("htmx:afterRequest", (event) => {
  const row = event.target.closest && event.target.closest("tr[data-row]");
  if (!row || !event.detail.successful || row.closest("[data-split]")) return;
  for (const other of row.closest(".table-wrap").querySelectorAll("tr.current")) {
    other.classList.remove("current");
    other.removeAttribute("aria-current");
  }
  row.classList.add("current");
  row.setAttribute("aria-current", "true");
});

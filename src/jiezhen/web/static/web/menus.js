// Menus are <details>; this closes them by Escape or by going elsewhere, one open at a time.
function closeOthers(kept) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!kept || !menu.contains(kept)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("focusin", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Tabs that do not fit are pushed sideways until the chosen one stands in the middle.
for (const item of document.querySelectorAll(".tabs li.current")) {
  const line = item.parentElement;
  const edge = item.offsetWidth / 2;
  let before = 0;
  for (let other = item.previousElementSibling; other; other = other.previousElementSibling) before += other.offsetWidth;
  line.scrollLeft = before + edge - line.clientWidth / 2;
}

// Below the narrow width the filters start closed, so that the list comes first.
if (window.matchMedia("(max-width: 60em)").matches) {
  for (const facet of document.querySelectorAll("details.facet")) {
    if (!facet.querySelector("[aria-current]")) facet.open = false;
  }
}

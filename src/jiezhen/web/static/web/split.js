// 计划阅读, 校对: choosing a mark chooses its row and the reverse, the address gains c=, and the
// part #detail is fetched from the same link. Without this file the links load the whole page.
const page = document.querySelector("[data-split]");

function choose(key, from) {
  for (const other of page.querySelectorAll("[data-c][aria-current], tr.current")) {
    other.removeAttribute("aria-current");
    other.classList.remove("current");
  }
  for (const item of page.querySelectorAll(`[data-c="${CSS.escape(key)}"]`)) {
    item.setAttribute("aria-current", "true");
    if (item.matches("tr")) item.classList.add("current");
    const fold = item.matches("tr") && item.closest(".grid").previousElementSibling;
    if (fold && fold.matches("details.group")) fold.open = true;
    if (item !== from) item.scrollIntoView({ block: "nearest" });
  }
  const url = new URL(window.location.href);
  url.searchParams.set("c", key);
  window.history.replaceState(window.history.state, "", url);
}

// A link that selects: it leads to this same page with c= of its own mark.
function selects(link, key) {
  if (!link) return false;
  const url = new URL(link.href, window.location.href);
  return url.pathname === window.location.pathname && url.searchParams.get("c") === key;
}

function show(link) {
  if (!window.htmx || !document.getElementById("detail")) return false;
  // Both the page that asks and #detail stay: a request that waits in line would lose its place with
  // either, and quick choices would leave the panel of another row.
  window.htmx.ajax("GET", link.href, { source: page, target: "#detail", select: "#detail > *", swap: "innerHTML" });
  return true;
}

if (page) {
  page.addEventListener("click", (event) => {
    const item = event.target.closest("[data-c]");
    if (!item || event.ctrlKey || event.metaKey) return;
    const link = event.target.closest("a[href]");
    if (link && !selects(link, item.dataset.c)) return; // a figure's own link goes to its page
    choose(item.dataset.c, item);
    if (link && show(link)) event.preventDefault();
  });
  page.addEventListener("jiezhen:move", (event) => {
    const row = event.target.closest("[data-c]");
    if (!row) return;
    choose(row.dataset.c, row);
    const link = [...row.querySelectorAll("a[href]")].find((a) => selects(a, row.dataset.c));
    if (link) show(link);
  });
  const current = page.querySelector(".mark[aria-current], tr.current");
  if (current) current.scrollIntoView({ block: "nearest" });
}

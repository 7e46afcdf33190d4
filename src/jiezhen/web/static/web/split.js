// 计划阅读, 校对: choosing a mark chooses its row and the reverse; the address gains c=.
const page = document.querySelector("[data-split]");

function choose(key, from) {
  for (const other of page.querySelectorAll("[data-c][aria-current], tr.current")) {
    other.removeAttribute("aria-current");
    other.classList.remove("current");
  }
  for (const item of page.querySelectorAll(`[data-c="${CSS.escape(key)}"]`)) {
    item.setAttribute("aria-current", "true");
    if (item.matches("tr")) item.classList.add("current");
    if (item !== from) item.scrollIntoView({ block: "nearest" });
  }
  const url = new URL(window.location.href);
  url.searchParams.set("c", key);
  window.history.replaceState(window.history.state, "", url);
}

if (page) {
  page.addEventListener("click", (event) => {
    const item = event.target.closest("[data-c]");
    if (!item) return;
    choose(item.dataset.c, item);
    // A mark with its own hx-get fills the detail; without one its link would reload for nothing
    // when the row is on the page and carries the request.
    const link = event.target.closest("a.mark");
    if (!link || link.hasAttribute("hx-get")) return;
    const row = page.querySelector(`tr[data-c="${CSS.escape(item.dataset.c)}"] a[hx-get]`);
    if (row) { event.preventDefault(); row.click(); }
  });
  page.addEventListener("jiezhen:move", (event) => {
    const row = event.target.closest("[data-c]");
    if (!row) return;
    choose(row.dataset.c, row);
    const link = row.querySelector("a[hx-get]");
    if (link) link.click();
  });
  const current = page.querySelector(".mark[aria-current], tr.current");
  if (current) current.scrollIntoView({ block: "nearest" });
}

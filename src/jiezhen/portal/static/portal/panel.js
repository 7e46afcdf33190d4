// A number opens its explanation in place; Escape closes it and the focus returns. Without this file, or when
// the network fails, the link is followed to the page of the number.
let open = null;

function shut() {
  if (!open) return;
  const { panel, link } = open;
  open = null;
  panel.remove();
  link.setAttribute("aria-expanded", "false");
  link.focus();
}

async function show(link) {
  const answer = await fetch(link.href, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.querySelector("[data-number]");
  if (!told) throw new Error("no number");
  const panel = document.createElement("section");
  panel.className = "portal-panel";
  panel.tabIndex = -1;
  panel.setAttribute("aria-label", page.querySelector("h1").textContent.trim());
  panel.append(document.importNode(told, true));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = document.documentElement.lang.startsWith("en") ? "Close" : "收起";
  button.addEventListener("click", shut);
  panel.append(button);
  const block = link.closest("p, li");
  if (block.tagName === "LI") block.append(panel);
  else block.after(panel);
  link.setAttribute("aria-expanded", "true");
  open = { panel, link };
  panel.focus();
}

for (const link of document.querySelectorAll("[data-panels] a[data-num], .portal-sources a[data-num]")) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", "false");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-num][aria-expanded]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const again = open && open.link === link;
  shut();
  if (!again) show(link).catch(() => { window.location.assign(link.href); });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && open) {
    event.preventDefault();
    shut();
  }
});

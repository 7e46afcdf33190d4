// 字号 密度 深色: a plain form that also works without this file; here the page changes at once.
document.documentElement.classList.add("js");

function apply(name, value) {
  const root = document.documentElement;
  const key = `data-${name}`;
  if (!root.hasAttribute(key)) return;
  root.setAttribute(key, value);
  for (const button of document.querySelectorAll(`[data-look] button[name="${name}"]`)) {
    if (button.hasAttribute("aria-pressed")) {
      button.setAttribute("aria-pressed", String(button.value === value));
    }
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  // Language changes every word, and the portal's buttons change with the size: those reload.
  if (!form.matches(".look[data-look]") || !button || button.name === "language") return;
  event.preventDefault();
  const body = new FormData(form);
  body.set(button.name, button.value);
  apply(button.name, button.value);
  fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => {});
});

// Errors take the focus even in browsers that ignore autofocus on a block.
const focus = document.querySelector("[data-focus]");
if (focus) focus.focus();

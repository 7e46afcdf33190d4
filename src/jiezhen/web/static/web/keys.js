// / search; g then a letter goes to a first-level page; j k move, x selects, Enter opens, ? lists.
// Ignored in fields and while an input method is composing; single keys can be switched off.
let waiting = 0;

function typing(target) {
  return target.isContentEditable || target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
}

function rows() {
  return [...document.querySelectorAll("[data-grid] tr[data-row]")].filter((row) => row.offsetParent !== null);
}

function currentRow() {
  return document.activeElement.closest("tr[data-row]") || document.querySelector("tr[data-row].current");
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(currentRow());
  const row = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step))];
  const target = row.querySelector("td:not(.pick) a[href]") || row.querySelector("a[href], button, input");
  if (!target) return;
  target.focus();
  row.scrollIntoView({ block: "nearest" });
  // On a split page moving is selecting; the script of that page listens.
  row.dispatchEvent(new CustomEvent("jiezhen:move", { bubbles: true }));
}

function select() {
  const row = currentRow();
  const box = row && row.querySelector('input[name="selected"]');
  if (box) box.click();
}

function help() {
  const dialog = document.getElementById("keys-help");
  if (dialog && dialog.showModal) dialog.showModal();
  else window.location.assign("/preferences#keys");
}

function act(key) {
  const inRow = currentRow();
  const button =
    (inRow && inRow.querySelector(`[data-key="${key}"]`)) || document.querySelector(`#detail [data-key="${key}"], [data-key="${key}"]`);
  if (button) button.click();
  return Boolean(button);
}

function go(key) {
  const link = document.querySelector(`.nav [data-go="${key}"]`);
  if (link) link.click();
}

const PLAIN = { j: () => move(1), k: () => move(-1), x: select, "?": help };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.documentElement.dataset.keys === "off" || typing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key;
  if (waiting && Date.now() - waiting < 1500) {
    waiting = 0;
    go(key);
    return;
  }
  if (key === "g") {
    waiting = Date.now();
  } else if (key === "/") {
    const field = document.getElementById("search");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  } else if (PLAIN[key]) {
    event.preventDefault();
    PLAIN[key]();
  } else if (/^[a-z]$/.test(key) && act(key)) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keys-help]")) return;
  const dialog = document.getElementById("keys-help");
  if (!dialog || !dialog.showModal) return;
  event.preventDefault();
  dialog.showModal();
});

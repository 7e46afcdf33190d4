// One status line says what a part of the page is doing, and what came of it.
const status = document.getElementById("status");
const line = status && status.querySelector("[data-status-line]");
let timer = 0;

export function say(text) {
  if (line && line.textContent !== text) line.textContent = text;
}

function stop() {
  window.clearTimeout(timer);
  timer = 0;
}

if (line) {
  document.addEventListener("htmx:beforeRequest", (event) => {
    stop();
    // A page may say what is being computed: data-busy="正在算全街道2023年的数…".
    const asked = event.target.closest("[data-busy]");
    timer = window.setTimeout(() => say((asked || status).dataset.busy), 1000);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    stop();
    const told = event.target.querySelector("[data-announce]") || event.target.closest("[data-announce]");
    say(told ? told.dataset.announce || told.textContent.trim() : "");
  });
  document.addEventListener("htmx:responseError", (event) => {
    stop();
    const code = event.detail.xhr.getResponseHeader("X-Error-Code");
    say(code ? status.dataset.broken.replace("%s", code) : status.dataset.refused);
  });
  document.addEventListener("htmx:sendError", () => { stop(); say(status.dataset.cut); });
}

// After 「报上去」 the back button leads to the receipt: whoever sits at this screen next does not
// read the words, the name and the telephone of the person before.
const KEY = 'portal-sent';

function receipt(put) {
  // Storage may be closed to scripts; then the pages stay as the browser shows them.
  try {
    if (put === undefined) return sessionStorage.getItem(KEY);
    if (put) sessionStorage.setItem(KEY, put);
    else sessionStorage.removeItem(KEY);
  } catch { /* nothing is kept */ }
  return null;
}

function leave() {
  const to = receipt();
  if (to) window.location.replace(to);
}

if (document.querySelector('[data-code]')) receipt(window.location.pathname + window.location.search);
else {
  const [visit] = performance.getEntriesByType('navigation');
  // A page that is opened afresh belongs to a new report.
  if (visit && visit.type === 'back_forward') leave();
  else receipt('');
  window.addEventListener('pageshow', (event) => { if (event.persisted) leave(); });
}

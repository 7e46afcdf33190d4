// Where there is one column, deadline, caller and next steps come before the facts. The sheet alone
// would show it so; moving the part lets the Tab key and reading aloud follow what is seen.
const acts = document.querySelector('[data-first-on-phone]');
const narrow = window.matchMedia('(max-width: 60em)');

if (acts) {
  const column = acts.parentElement;
  const put = () => {
    const held = acts.contains(document.activeElement) ? document.activeElement : null;
    if (narrow.matches) column.parentElement.prepend(acts);
    else column.prepend(acts);
    held?.focus();
  };
  if (narrow.matches) put();
  narrow.addEventListener('change', put);
}

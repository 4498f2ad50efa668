// Keys on a list of rows: [data-row] rows, [data-search] the search field, links [data-action=given|not-given] in a row.
// The row selected last is kept in mind while the cursor is in the search field.

const typing = (element) => element.matches("input, select, textarea, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")];
const currentRow = () => document.activeElement.closest("[data-row]");

let selected = null;
document.addEventListener("focusin", (event) => {
  selected = event.target.closest("[data-row]") ?? selected;
});

function select(row) {
  row.tabIndex = -1;
  row.focus();
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  select(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function backToRows() {
  document.activeElement.blur();
  const row = selected?.isConnected ? selected : rows()[0];
  if (row) select(row);
}

function press(selector) {
  const target = currentRow()?.querySelector(selector);
  target?.click();
  return Boolean(target);
}

const KEYS = {
  "/": () => document.querySelector("[data-search]")?.focus() ?? true,
  j: () => step(1),
  k: () => step(-1),
  g: () => press('[data-action="given"]'),
  n: () => press('[data-action="not-given"]'),
  Enter: () => document.activeElement.matches("[data-row]") && press("a"),
  "?": () => document.getElementById("shortcuts")?.togglePopover(),
};

// What was searched for stays: a browser of its own would empty the field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || !event.target.matches("[data-search]")) return;
  event.preventDefault();
  backToRows();
});

// The rows were drawn anew under the one selected.
document.addEventListener("htmx:afterSettle", () => {
  if (selected && !selected.isConnected && document.activeElement === document.body) backToRows();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const act = KEYS[event.key];
  if (!act || !document.querySelector("[data-row], [data-search]")) return;
  if (act() !== false) event.preventDefault();
});

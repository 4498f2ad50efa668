// Keys on a list of rows: [data-row] rows, [data-search] the search field, links [data-action=given|not-given] in a row.

const typing = (element) => element.matches("input, select, textarea, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")];
const currentRow = () => document.activeElement.closest("[data-row]");

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next.tabIndex = -1;
  next.focus();
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

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const act = KEYS[event.key];
  if (!act || !document.querySelector("[data-row], [data-search]")) return;
  if (act() !== false) event.preventDefault();
});

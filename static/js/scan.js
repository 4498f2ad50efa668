// A scanner that acts as a keyboard types where the cursor stands. A code typed outside a text field goes to the scan field.

const CODE = /^(\][a-z]\d)?\x1d?\(?01\)?\d{14}/i;
const PAUSE_MS = 1000;
const writes = (element) => element.matches("textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
const separator = (event) => event.ctrlKey && (event.key === "]" || event.code === "BracketRight");

let typed = "";
let last = 0;

function keep(event) {
  if (event.timeStamp - last > PAUSE_MS) typed = "";
  last = event.timeStamp;
  if (separator(event)) typed += "\u001d";
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) typed += event.key;
}

function read(code) {
  const field = document.querySelector("[data-scan]");
  if (!field) return;
  field.value = code;
  document.querySelector("[data-read-code]").click();
}

document.addEventListener("keydown", (event) => {
  if (writes(event.target)) return;
  if (event.key !== "Enter") return keep(event);
  const code = typed;
  typed = "";
  if (!CODE.test(code)) return;
  event.preventDefault();
  read(code);
}, true);

// Loaded on every page. Nothing here is needed to do a task; it makes the same pages safer and quicker.

// A form is sent once: a second press while the first is on its way is dropped. `data-repeatable` lets a download pass.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "repeatable" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "yes";
  markSending(form, true);
}, true);

function markSending(form, sending) {
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    if (sending) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function allowAgain(form) {
  if (!(form instanceof HTMLFormElement)) return;
  delete form.dataset.sent;
  markSending(form, false);
}

// The page came back from the browser's memory, or htmx has its answer: the form may be sent again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(allowAgain));
document.addEventListener("htmx:afterRequest", (event) => allowAgain(event.detail.elt));

// Filters that apply themselves when a choice changes; without this the form has its button.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
});

// A request that fails behind the page is said aloud; what was typed is still there.
function note(text) {
  const place = document.getElementById("connection-note");
  if (place) place.textContent = text;
}
document.addEventListener("htmx:sendError", () => note("No connection. What you typed is still here; try again."));
document.addEventListener("htmx:responseError", () => note("That did not work. What you typed is still here; reload the page and try again."));
document.addEventListener("htmx:beforeRequest", () => note(""));

// Back and Reload open a page that answered a form by its address, not by sending the form again: no-store lets neither.
if ("answersAForm" in document.body.dataset) history.replaceState(history.state, "", location.href);

// An error summary takes the focus when the page opens with one.
document.querySelector("[data-error-summary]:not([data-samples] *)")?.focus();

// A file is dropped on the form that asks for one; without this the form has its button to choose it.

const carries = (event) => event.dataTransfer?.types.includes("Files");

for (const form of document.querySelectorAll("form[data-drop-zone]")) {
  const field = form.querySelector("input[type=file]");
  const said = form.querySelector("[data-drop-said]");
  form.classList.add("drop-ready");
  form.querySelector("[data-drop-hint]").hidden = false;

  form.addEventListener("dragover", () => form.classList.add("drop-over"));
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("drop-over");
  });
  form.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    form.classList.remove("drop-over");
    const { files } = event.dataTransfer;
    if (files.length !== 1) {
      said.textContent = "Drop one file at a time.";
      return;
    }
    field.files = files;
    said.textContent = `${files[0].name} is chosen. Nothing is read before you press the button.`;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// A file dropped beside the form would be opened in place of the page.
for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (carries(event)) event.preventDefault();
  });
}

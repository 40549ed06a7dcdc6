// Puts a place into the field that was typed in last, where the cursor stood.

const fields = [...document.querySelectorAll("#field-subject, #field-body")];
let last = document.querySelector("#field-body");

for (const field of fields) {
  field.addEventListener("focus", () => {
    last = field;
  });
}

for (const button of document.querySelectorAll("[data-place]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    last.focus();
    last.setRangeText(button.dataset.place, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

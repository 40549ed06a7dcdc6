// Uploading several pictures with their progress, by choosing or by dropping them; copying addresses.
// Without script the form sends them all at once.

const form = document.querySelector("[data-drop]");
const FILES_MAX = 20;

function send(file, line) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", file);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) line.bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      const isKept = request.status >= 200 && request.status < 300;
      line.bar.value = 1;
      line.said.textContent = isKept ? form.dataset.done : reason(request);
      line.said.className = isKept ? "badge ok" : "problem";
      resolve(isKept);
    });
    request.send(body);
  });
}

function reason(request) {
  try {
    return JSON.parse(request.responseText).error;
  } catch {
    return form.dataset.failed;
  }
}

function lineOf(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  const said = document.createElement("span");
  name.textContent = file.name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(name, bar, said);
  form.querySelector("[data-progress]").append(item);
  return { bar, said };
}

async function sendAll(files) {
  let isAllKept = files.length > 0;
  for (const file of [...files].slice(0, FILES_MAX)) isAllKept = (await send(file, lineOf(file))) && isAllKept;
  if (isAllKept) location.assign(`${form.getAttribute("action")}?saved=1`);
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  sendAll(form.elements.files.files);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  form?.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.toggle("is-over", kind === "dragover");
    if (kind === "drop") sendAll(event.dataTransfer.files);
  });
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
  button.querySelector("span").textContent = button.dataset.copied;
});

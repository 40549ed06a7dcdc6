// A picture chosen or dropped is sent at once, with its progress; what is refused is said here.
const form = document.querySelector("[data-picture]");
const BYTES_MAX = 8_000_000;

function part(name) {
  return form.querySelector(`[data-${name}]`);
}

function complain(text) {
  part("progress").hidden = true;
  part("status").textContent = "";
  part("problem").hidden = !text;
  part("problem").textContent = text;
}

function send(file) {
  complain("");
  if (file.size > BYTES_MAX) return complain(form.dataset.large);
  const body = new FormData();
  body.append("image", file);
  const request = new XMLHttpRequest();
  const progress = part("progress");
  request.open("POST", form.action);
  request.setRequestHeader("accept", "application/json");
  request.upload.onprogress = (event) => (progress.value = (100 * event.loaded) / event.total);
  request.onerror = () => complain(form.dataset.away);
  request.onload = () => hear(request);
  progress.value = 0;
  progress.hidden = false;
  part("status").textContent = form.dataset.sending;
  request.send(body);
}

function hear(request) {
  let said = {};
  try {
    said = JSON.parse(request.responseText);
  } catch {
    // An answer that is none of ours: a proxy on the way has cut it off.
  }
  if (!said.image) return complain(said.error ?? form.dataset.away);
  complain("");
  part("shown").src = said.image;
  part("shown").hidden = false;
  part("status").textContent = form.dataset.kept;
}

if (form) {
  const field = form.elements.image;
  part("hint").hidden = false;
  form.querySelector("button").hidden = true;
  field.addEventListener("change", () => field.files[0] && send(field.files[0]));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    const [file] = event.dataTransfer.files;
    if (file) send(file);
  });
}

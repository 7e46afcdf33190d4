// Photos are made smaller before they are sent, which leaves behind what the camera wrote into them,
// and shown. Without this the form sends them as they are and the server takes that out.
import { small } from "../web/photo.js";

const MOST = 3;
const field = document.querySelector("[data-photos]");
const list = document.querySelector("[data-chosen]");
const status = document.querySelector("[data-chosen-status]");
const button = field?.form.querySelector("[name=go][value=next]");

function show(files) {
  list.replaceChildren(...files.map((file) => {
    const line = document.createElement("li");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    image.height = 120;
    // What cannot be shown keeps its name; the server says what is wrong with it.
    image.addEventListener("error", () => image.replaceWith(file.name), { once: true });
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    line.append(image);
    return line;
  }));
}

field?.addEventListener("change", async () => {
  const chosen = [...field.files];
  status.textContent = chosen.length > MOST ? status.dataset.chosenMany : status.dataset.chosenBusy;
  button.disabled = true;
  try {
    const made = await Promise.all(chosen.slice(0, MOST).map(small));
    const box = new DataTransfer();
    for (const file of [...made, ...chosen.slice(MOST)]) box.items.add(file);
    field.files = box.files;
    show(made);
  } finally {
    button.disabled = false;
    if (chosen.length <= MOST) status.textContent = "";
  }
});

// The form: pictures by picker, drop or paste, and sending it off. Cards are in cards.js.
import { CardList, post, startKey } from "./cards.js";

const opening = JSON.parse(document.getElementById("opening").textContent);
const form = document.getElementById("request");
const errorLine = document.getElementById("form-error");
const noteLine = document.getElementById("form-note");
const generate = document.getElementById("generate");
const keepSize = document.getElementById("keep-size");
const cards = new CardList(opening);

// ---- Reference pictures. The file inputs hold them, so that the form is what is sent. ----

class Drop {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector(".drop-input");
    this.thumb = root.querySelector(".drop-thumb");
    this.remove = root.querySelector(".drop-remove");
    this.input.addEventListener("change", () => this.show());
    this.remove.addEventListener("click", () => {
      this.put(null);
      this.input.focus();
    });
    this.thumb.addEventListener("error", () => { this.thumb.hidden = true; });
    this.show();
  }

  get file() { return this.input.files[0] ?? null; }

  put(file) {
    const transfer = new DataTransfer();
    if (file) transfer.items.add(file);
    this.input.files = transfer.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show() {
    URL.revokeObjectURL(this.thumb.src);
    const { file } = this;
    this.root.classList.toggle("filled", Boolean(file));
    this.thumb.hidden = this.remove.hidden = !file;
    if (file) this.thumb.src = URL.createObjectURL(file);
    else this.thumb.removeAttribute("src");
  }
}

const drops = [...document.querySelectorAll(".drop")].map((root) => new Drop(root));
const subject = drops[0];

// Put pictures into the place they were dropped on, the rest into the free ones after it.
function place(files, first = null) {
  const pictures = [...files].filter((file) => file.type.startsWith("image/"));
  if (!pictures.length) return showError(opening.texts["web-not-a-picture"]);
  showError("");
  const free = drops.filter((drop) => drop !== first && !drop.file);
  const after = first ? free.filter((drop) => drops.indexOf(drop) > drops.indexOf(first)) : free;
  const places = first ? [first, ...after] : after;
  pictures.slice(0, places.length).forEach((file, index) => places[index].put(file));
  if (pictures.length > places.length) showError(opening.texts["web-too-many-dropped"]);
}

const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const dropAt = (event) => drops.find((drop) => drop.root.contains(event.target)) ?? null;

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("dragging");
  for (const drop of drops) drop.root.classList.toggle("over", drop === dropAt(event));
});
function endDrag() {
  document.body.classList.remove("dragging");
  for (const drop of drops) drop.root.classList.remove("over");
}
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) endDrag(); });
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  const target = dropAt(event);
  endDrag();
  place(event.dataTransfer.files, target);
});
document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files ?? [];
  if (!files.length) return;
  event.preventDefault();
  place(files, dropAt(event));
});

// ---- Parts of the form that depend on others. ----

function adapt() {
  const isCustom = document.getElementById("aspect-custom").checked;
  const customSize = document.getElementById("custom-size");
  customSize.hidden = !isCustom;
  for (const input of customSize.querySelectorAll("input")) input.disabled = !isCustom;
  keepSize.disabled = !subject.file;
  if (!subject.file) keepSize.checked = false;
}
form.addEventListener("change", adapt);
adapt();

// ---- The price, asked for a moment after the last change; an answer that was overtaken is not shown. ----

const PRICE_FIELDS = ["aspect", "width", "height", "keep_size", "steps", "count"];
const PRICE_PAUSE_MS = 250;
const priceLine = document.getElementById("form-price");
let priceTimer = 0;
let priceRequest = null;

async function showPrice() {
  priceRequest?.abort();
  priceRequest = new AbortController();
  const given = new FormData(form);
  const query = new URLSearchParams(PRICE_FIELDS.filter((name) => given.get(name)).map((name) => [name, given.get(name)]));
  try {
    const response = await fetch(`/api/balance?${query}`, { signal: priceRequest.signal });
    // A number that does not work is refused when the form is sent, with its sentence.
    priceLine.textContent = response.ok ? (await response.json()).words : "";
  } catch (error) {
    if (error.name !== "AbortError") priceLine.textContent = "";
  }
}

function askPrice() {
  clearTimeout(priceTimer);
  priceTimer = setTimeout(showPrice, PRICE_PAUSE_MS);
}
form.addEventListener("input", askPrice);
form.addEventListener("change", askPrice);
document.addEventListener("card-ended", askPrice);
showPrice();

// ---- Sending. The key stays the same until the server has answered, so a repetition makes no second job. ----

let key = startKey();
form.addEventListener("input", () => { key = startKey(); });
form.addEventListener("change", () => { key = startKey(); });

function showError(sentence) {
  errorLine.textContent = sentence;
  errorLine.hidden = !sentence;
}

async function send() {
  if (generate.getAttribute("aria-disabled") === "true") return;
  showError("");
  noteLine.textContent = "";
  if (drops.some((drop) => drop.file && drop.file.size > opening.max_file_bytes)) {
    return showError(opening.texts["web-file-too-large"]);
  }
  // Not `disabled`, which would take the focus away from people who use the keyboard.
  generate.setAttribute("aria-disabled", "true");
  try {
    const card = await post("/api/jobs", { body: new FormData(form), key, texts: opening.texts });
    key = startKey();
    noteLine.textContent = card.notes.join(" ");
    cards.add(card);
    askPrice();
  } catch (error) {
    if (error.isAnswer) key = startKey();
    showError(error.message);
  } finally {
    generate.removeAttribute("aria-disabled");
  }
}

generate.addEventListener("click", (event) => {
  if (event.detail > 1) event.preventDefault(); // a double click, whose first one may be answered by now
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
document.getElementById("prompt").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    send();
  }
});

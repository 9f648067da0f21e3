// The page *Create*: the form and sending it off; what else the page can do is set up here and lives in its modules.

import { get, post, startKey, tell } from "./api.js";
import { setUpDeletion, setUpInfo } from "./asides.js";
import { CardList } from "./cards.js";
import { setUpCompare } from "./compare.js";
import { Drops } from "./drops.js";
import { opening, texts } from "./opening.js";
import { setUpPicker } from "./picker.js";
import { setUpPreferences } from "./preferences.js";
import { setUpRecipe } from "./recipe.js";
import { setUpRemix } from "./remix.js";

const form = document.getElementById("request");
const prompt = document.getElementById("prompt");
const errorLine = document.getElementById("form-error");
const noteLine = document.getElementById("form-note");
const generate = document.getElementById("generate");
const keepSize = document.getElementById("keep-size");

const showError = (sentence) => tell(errorLine, sentence);
const showNote = (sentence) => { noteLine.textContent = sentence; };
const cards = new CardList(opening);
const drops = new Drops(form, showError);

// ---- Parts of the form that depend on others. ----

let hasChosenKeepSize = false;
keepSize.addEventListener("input", () => { hasChosenKeepSize = true; });

function adapt() {
  const isCustom = document.getElementById("aspect-custom").checked;
  const customSize = document.getElementById("custom-size");
  customSize.hidden = !isCustom;
  for (const input of customSize.querySelectorAll("input")) input.disabled = !isCustom;
  const hasSubject = drops.subject.isFilled;
  keepSize.disabled = !hasSubject;
  // Restyling: a subject in a style without words keeps its size unless somebody says otherwise.
  const isRestyling = hasSubject && drops.styles.some((drop) => drop.isFilled) && !prompt.value.trim();
  if (!hasSubject) keepSize.checked = hasChosenKeepSize = false;
  else if (!hasChosenKeepSize) keepSize.checked = isRestyling;
  document.getElementById("swap").hidden = !hasSubject || !drops.styles[0].isFilled;
  document.getElementById("tray-note").hidden = !drops.usesTray;
}
for (const name of ["change", "input"]) form.addEventListener(name, adapt);
document.addEventListener("references-changed", () => {
  adapt();
  askPrice();
});

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
for (const name of ["change", "input"]) form.addEventListener(name, askPrice);
document.addEventListener("card-ended", askPrice);

// ---- Sending. The key stays the same until the server has answered, so a repetition makes no second job. ----

let key = startKey();
for (const name of ["change", "input"]) form.addEventListener(name, () => { key = startKey(); });

function filledForm(changes) {
  const body = new FormData(form);
  if (drops.usesTray) body.set("use_tray", "on");
  for (const [name, value] of Object.entries(changes)) body.set(name, value);
  return body;
}

// Throws what is wrong, in one sentence.
async function send(url, changes = {}) {
  if (drops.all.some((drop) => drop.file && drop.file.size > opening.max_file_bytes)) {
    throw new Error(texts["web-file-too-large"]);
  }
  const usedTray = drops.usesTray;
  try {
    const answer = await post(url, { body: filledForm(changes), key, texts });
    key = startKey();
    if (usedTray) drops.takeTray(await get("/api/tray", texts));
    return answer;
  } catch (error) {
    if (error.isAnswer) key = startKey();
    throw error;
  }
}

async function ask(button, changes) {
  if (generate.getAttribute("aria-disabled") === "true") return;
  showError("");
  showNote("");
  // Not `disabled`, which would take the focus away from people who use the keyboard.
  for (const one of new Set([generate, button])) one.setAttribute("aria-disabled", "true");
  try {
    const card = await send("/api/jobs", changes);
    showNote(card.notes.join(" "));
    cards.add(card);
    askPrice();
  } catch (error) {
    showError(error.message);
  } finally {
    for (const one of new Set([generate, button])) one.removeAttribute("aria-disabled");
  }
}

async function drawGrid(ids) {
  const query = new URLSearchParams(ids.map((id) => ["card", id]));
  const { jobs, left_out } = await send(`/api/grids?${query}`, {});
  for (const card of jobs) cards.add(card);
  showNote(left_out);
}

const sweep = document.getElementById("sweep");
for (const button of [generate, sweep]) {
  button?.addEventListener("click", (event) => {
    if (event.detail > 1) event.preventDefault(); // a double click, whose first one may be answered by now
  });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter === sweep) ask(sweep, { count: sweep.dataset.count });
  else ask(generate, {});
});
prompt.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    ask(generate, {});
  }
});

// ---- Pictures of cards as references, and the dialogs. ----

async function takeIn(work) {
  try {
    await work();
  } catch (error) {
    showError(error.message);
  }
}

document.getElementById("swap").addEventListener("click", () => takeIn(() => drops.swap()));
document.addEventListener("use-picture", ({ detail }) => takeIn(async () => {
  showError("");
  await drops.use({ url: detail.url, place: detail.place, name: detail.recipe });
  showNote(texts[`create-used-${detail.place}`]);
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  drops.subject.root.scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
}));
// What was put into the tray elsewhere, in the gallery or a chat, is there when somebody comes back.
document.addEventListener("visibilitychange", async () => {
  if (!document.hidden) drops.takeTray(await get("/api/tray", texts).catch(() => opening.tray));
});

setUpInfo();
setUpDeletion(cards);
setUpRemix(cards);
setUpCompare();
setUpPicker(drops, drawGrid);
setUpRecipe(form, cards);
setUpPreferences(form, showNote);
// A style card chosen on its own page; the address is left as it is without it, so that a reload begins afresh.
if (opening.style) {
  const { name, picture_urls: urls } = opening.style;
  history.replaceState(null, "", "/");
  takeIn(() => drops.useStyles(urls.map((url) => ({ url, name }))));
}
adapt();
showPrice();

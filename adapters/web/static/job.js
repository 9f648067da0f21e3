// The page of one job: its buttons, its neighbours by arrow keys, and its card while it is being drawn.

import { localTimes, once, openDialogs, press, tell } from "./library.js";

const main = document.getElementById("main");
const trouble = document.getElementById("trouble");
const news = document.getElementById("news");

// ---- Buttons. What draws something new leads to it; a key of its own makes a double press one job. ----

const whole = (text) => (text === undefined ? undefined : Number(text));

function bodyOf(button) {
  const { picture, strength, place } = button.dataset;
  const body = { picture: whole(picture), strength, place };
  return picture === undefined ? undefined : body;
}

async function act(button) {
  tell(news, "");
  const answer = await press(button.dataset.do, { json: bodyOf(button), method: button.dataset.method });
  if (button.dataset.draws !== undefined) location.assign(`/gallery/${answer.id}`);
  else if (button.dataset.stays !== undefined) tell(news, answer.words ?? answer.title);
  else location.assign("/gallery");
}

for (const button of document.querySelectorAll("[data-do]")) {
  const place = button.closest("dialog")?.querySelector(".error") ?? trouble;
  button.addEventListener("click", (event) => {
    if (event.detail < 2) once(button, place, () => act(button)); // the first of a double click may be answered by now
  });
}

const favourite = document.getElementById("favourite");
favourite?.addEventListener("click", () => once(favourite, trouble, async () => {
  const isOn = favourite.getAttribute("aria-pressed") !== "true";
  const json = { picture: Number(favourite.dataset.picture), is_on: isOn };
  const answer = await press(favourite.dataset.favourite, { json });
  favourite.setAttribute("aria-pressed", String(isOn));
  tell(news, answer.words);
}));

const copy = document.getElementById("copy-recipe");
if (copy && navigator.clipboard) {
  const words = copy.textContent;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById("recipe").textContent);
    copy.textContent = copy.dataset.copied;
    setTimeout(() => { copy.textContent = words; }, 2000);
  });
}

// ---- Remix: only what was changed is sent. ----

const remix = document.querySelector("[data-remix]");

function number(field, isRight) {
  const text = field.value.trim();
  if (text === "") return undefined;
  const value = Number(text.replace(",", "."));
  if (isRight(value)) return value;
  field.focus();
  throw new Error(field.dataset.wrong.replace("%", text));
}

function changes() {
  const field = (name) => remix.elements[name];
  const isChanged = (name) => field(name).value !== field(name).defaultValue;
  const json = { picture: Number(remix.dataset.picture), aspect: field("aspect").value || undefined };
  if (isChanged("prompt")) json.prompt = field("prompt").value;
  if (isChanged("seed")) json.seed = number(field("seed"), Number.isInteger) ?? -1;
  if (isChanged("guidance")) json.guidance = number(field("guidance"), Number.isFinite);
  if (isChanged("steps")) json.steps = number(field("steps"), Number.isInteger);
  return json;
}

remix?.addEventListener("submit", (event) => {
  event.preventDefault();
  once(event.submitter ?? remix.querySelector(".primary"), remix.querySelector(".error"), async () => {
    const card = await press(remix.dataset.remix, { json: changes() });
    location.assign(`/gallery/${card.id}`);
  });
});

// ---- Neighbours by arrow keys, where nothing else wants them. ----

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  const link = { ArrowLeft: "newer", ArrowRight: "older" }[event.key];
  if (link) document.getElementById(link)?.click();
});

// ---- While it is drawn. ----

function show(card) {
  document.getElementById("live-title").textContent = card.title;
  document.getElementById("live-detail").textContent = card.detail;
  const bar = document.getElementById("live-bar");
  if (card.fraction === null) bar.removeAttribute("value");
  else bar.value = card.fraction;
  const preview = document.getElementById("live-preview");
  if (card.preview_url && preview) {
    preview.src = card.preview_url;
    preview.hidden = false;
    document.getElementById("live-waiting").hidden = true;
  }
}

function follow() {
  const source = new EventSource(`/api/jobs/${main.dataset.job}/events`);
  source.addEventListener("card", (event) => {
    const card = JSON.parse(event.data);
    if (!card.is_final) return show(card);
    source.close();
    location.reload();
  });
  addEventListener("pagehide", () => source.close());
}

localTimes();
openDialogs();
if (main.dataset.live !== undefined) follow();

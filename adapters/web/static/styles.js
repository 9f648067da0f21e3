// The page of style cards: making one, and the buttons of each.

import { once, openDialogs, press, tell } from "./library.js";

const trouble = document.getElementById("trouble");
const news = document.getElementById("news");

// ---- A new card, with a look at the pictures that were chosen. ----

const form = document.getElementById("new-style");
const pictures = document.getElementById("style-pictures");
const picked = document.getElementById("picked");

pictures.addEventListener("change", () => {
  for (const image of picked.children) URL.revokeObjectURL(image.src);
  picked.replaceChildren(...[...pictures.files].slice(0, 2).map((file) => {
    const image = new Image();
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    image.className = "thumb";
    return image;
  }));
  picked.hidden = !pictures.files.length;
  tell(form.querySelector(".error"), pictures.files.length > 2 ? form.dataset.tooMany : "");
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const error = form.querySelector(".error");
  if (!pictures.files.length) return tell(error, form.dataset.noPicture);
  if (pictures.files.length > 2) return tell(error, form.dataset.tooMany);
  once(form.querySelector(".primary"), error, async () => {
    await press("/api/styles", { body: new FormData(form) });
    location.assign("/styles");
  });
});

// ---- The buttons of each card. ----

for (const button of document.querySelectorAll("[data-do]")) {
  const place = button.closest("dialog")?.querySelector(".error") ?? trouble;
  button.addEventListener("click", () => once(button, place, async () => {
    tell(news, "");
    const answer = await press(button.dataset.do, { method: button.dataset.method });
    if (button.dataset.stays !== undefined) tell(news, answer.words);
    else location.reload();
  }));
}

for (const rename of document.querySelectorAll("[data-rename]")) {
  rename.addEventListener("submit", (event) => {
    event.preventDefault();
    once(rename.querySelector(".primary"), rename.querySelector(".error"), async () => {
      await press(rename.dataset.rename, { json: { name: rename.elements.name.value } });
      location.reload();
    });
  });
}

openDialogs();

// Info about a picture, and deleting a card: dialogs that cards ask for.

import { get, once, post, tell } from "./api.js";
import { dialogOf, onOpen, showLines } from "./dialogs.js";
import { texts } from "./opening.js";

const COPIED_FOR_MS = 2000;

export function setUpInfo() {
  const dialog = dialogOf("info");
  const line = dialog.querySelector(".error");
  const lines = dialog.querySelector(".info-lines");
  const copy = dialog.querySelector(".info-copy");
  const words = copy.textContent;
  let recipe = "";
  onOpen("info", dialog, async ({ card, index }) => {
    tell(line, "");
    showLines(lines, []);
    copy.hidden = true;
    try {
      const info = await get(`/api/jobs/${card.id}/pictures/${index}/info`, texts);
      showLines(lines, info.lines);
      ({ recipe } = info);
      copy.hidden = !navigator.clipboard;
    } catch (error) {
      tell(line, error.message);
    }
  });
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(recipe);
    copy.textContent = copy.dataset.copied;
    setTimeout(() => { copy.textContent = words; }, COPIED_FOR_MS);
  });
}

export function setUpDeletion(cards) {
  const dialog = dialogOf("deletion");
  const line = dialog.querySelector(".error");
  const sure = dialog.querySelector(".danger");
  let card = null;
  onOpen("delete", dialog, (detail) => {
    ({ card } = detail);
    tell(line, "");
    dialog.querySelector(".deletion-prompt").textContent = card.prompt;
  });
  sure.addEventListener("click", () => once(sure, line, async () => {
    await post(`/api/jobs/${card.id}`, { method: "DELETE", texts });
    dialog.close();
    cards.remove(card.id);
  }));
}

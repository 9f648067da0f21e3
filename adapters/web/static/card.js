// One card: what was asked, how far it is, its pictures, and what can be done with them.

import { post, startKey, tell } from "./api.js";
import { PictureNode } from "./picture.js";

const find = (root, name) => root.querySelector(`.${name}`);
const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

export class CardNode {
  constructor(list, card) {
    this.list = list;
    this.root = document.getElementById("card-template").content.firstElementChild.cloneNode(true);
    this.title = find(this.root, "card-title");
    this.title.id = `card-${card.id}`;
    this.root.dataset.job = card.id;
    find(this.root, "card-prompt").id = `prompt-${card.id}`;
    this.root.setAttribute("aria-labelledby", `${this.title.id} prompt-${card.id}`);
    this.pictures = [];
    this.keys = new Map();
    for (const action of ["cancel", "reroll", "swap"]) {
      find(this.root, `card-${action}`).addEventListener("click", (event) => this.act(event, action));
    }
    find(this.root, "card-delete").addEventListener("click", () => {
      document.dispatchEvent(new CustomEvent("open-delete", { detail: { card: this.card } }));
    });
    const gallery = find(this.root, "card-gallery");
    if (gallery) gallery.href = `/gallery/${card.id}`;
    this.update(card);
  }

  update(card) {
    if (this.card?.is_final) return; // an answer that was overtaken by the stream
    const before = this.card;
    this.card = card;
    this.root.dataset.phase = card.phase;
    setText(this.title, card.title);
    setText(find(this.root, "card-detail"), card.detail);
    setText(find(this.root, "card-prompt"), card.prompt);
    find(this.root, "card-prompt").hidden = !card.prompt;
    setText(find(this.root, "card-mode"), card.label && !card.is_toy ? `${card.mode} · ${card.label}` : card.mode);
    this.updateBar(card);
    this.updatePictures(card);
    this.updateButtons(card);
    // A pause changes the title of what waits; while drawing, the title changes with every step.
    const isPausedAnew = card.phase === "queued" && before?.title !== card.title;
    if (before && (before.phase !== card.phase || isPausedAnew)) this.tell(card);
    if (before && card.is_final) document.dispatchEvent(new Event("card-ended"));
  }

  // For screen readers: once a phase, not once a step.
  tell(card) {
    const news = card.phase === "running" ? this.list.texts["card-starting"] : `${card.title}. ${card.detail}`;
    setText(find(this.root, "card-news"), news);
  }

  updateBar(card) {
    const bar = find(this.root, "card-bar");
    bar.hidden = card.is_final;
    if (card.fraction === null) bar.removeAttribute("value");
    else bar.value = card.fraction;
  }

  updatePictures(card) {
    // While a request only waits there is nothing to see yet; its places appear with the first step.
    const isDrawing = card.phase === "running" || card.pictures.length > 0 || this.pictures.length > 0;
    const wanted = card.is_final ? card.pictures.length : (isDrawing ? card.count : 0);
    const place = find(this.root, "card-pictures");
    place.hidden = wanted === 0;
    place.dataset.count = String(wanted);
    while (this.pictures.length < wanted) {
      const picture = new PictureNode(this);
      picture.shape(card.width, card.height);
      this.pictures.push(picture);
      place.append(picture.root);
    }
    while (this.pictures.length > wanted) this.pictures.pop().root.remove();
    card.pictures.forEach((picture, position) => this.pictures[position].showDone(picture, card.references));
    const next = this.pictures[card.pictures.length];
    for (const picture of this.pictures) picture.showWaiting(picture === next ? card.preview_url : null, card.is_toy);
    this.showMarked();
  }

  showMarked() {
    for (const node of this.pictures) {
      if (node.isDone) node.showMarked(this.list.favourites.has(node.picture.recipe));
    }
  }

  updateButtons(card) {
    const cancel = find(this.root, "card-cancel");
    const reroll = find(this.root, "card-reroll");
    const hadFocus = cancel === document.activeElement;
    cancel.hidden = card.is_final;
    reroll.hidden = !card.is_final;
    find(this.root, "card-delete").hidden = !card.is_final;
    const places = card.references.map(({ place }) => place);
    find(this.root, "card-swap").hidden = !(places.includes("subject") && places.includes("style"));
    const { texts } = this.list;
    setText(reroll, card.phase === "done" ? texts["button-reroll"] : texts["web-try-again"]);
    // With one picture, all that can be done with it stands in one row.
    if (card.phase === "done" && this.pictures.length === 1) {
      reroll.classList.remove("small");
      find(this.pictures[0].root, "picture-actions").prepend(reroll);
    }
    if (cancel.hidden && hadFocus) this.root.focus();
  }

  // Press on something that answers with a card: the new one, or this one as it is now.
  async act(event, action, json = null) {
    await this.press(event, JSON.stringify([action, json]), async (key) => {
      this.list.add(await post(`/api/jobs/${this.card.id}/${action}`, { json, key, texts: this.list.texts }));
    });
  }

  async mark(event, picture) {
    const json = picture.body({ is_on: !picture.isMarked });
    await this.press(event, JSON.stringify(json), async (key) => {
      const answer = await post(`/api/jobs/${this.card.id}/favourite`, { json, key, texts: this.list.texts });
      this.list.mark(picture.picture.recipe, json.is_on);
      setText(find(this.root, "card-news"), answer.words);
    });
  }

  // The key stays the same until the server has answered, so that a repetition makes no second job.
  async press(event, name, send) {
    const button = event.currentTarget;
    // The second click of a double click may come after the answer to the first.
    if (event.detail > 1 || button.getAttribute("aria-disabled") === "true") return;
    const key = this.keys.get(name) ?? startKey();
    this.keys.set(name, key);
    this.showError("");
    button.setAttribute("aria-disabled", "true");
    try {
      await send(key);
      this.keys.delete(name);
    } catch (error) {
      if (error.isAnswer) this.keys.delete(name);
      this.showError(error.message);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  showError(sentence) {
    tell(find(this.root, "card-error"), sentence);
  }
}

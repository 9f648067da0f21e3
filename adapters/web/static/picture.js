// One picture of a card: its frame, the preview while it is drawn, and what can be done with it.

import { tell } from "./api.js";

const find = (root, name) => root.querySelector(`.${name}`);

export class PictureNode {
  constructor(card) {
    this.card = card;
    this.root = document.getElementById("picture-template").content.firstElementChild.cloneNode(true);
    this.image = find(this.root, "picture-image");
    this.star = find(this.root, "picture-favourite");
    this.isDone = false;
    this.listen();
  }

  listen() {
    const { card } = this;
    const on = (name, work) => find(this.root, name).addEventListener("click", work);
    on("picture-subtle", (event) => card.act(event, "vary", this.body({ strength: "subtle" })));
    on("picture-strong", (event) => card.act(event, "vary", this.body({ strength: "strong" })));
    on("picture-upscale", (event) => card.act(event, "upscale", this.body()));
    on("picture-subject", () => this.use("subject"));
    on("picture-style", () => this.use("style"));
    on("picture-remix", () => this.ask("remix"));
    on("picture-compare", () => this.ask("compare"));
    on("picture-info", () => this.ask("info"));
    on("picture-favourite", (event) => card.mark(event, this));
  }

  body(more = {}) {
    return { picture: this.index, ...more };
  }

  // The form takes it; see drops.js.
  use(place) {
    document.dispatchEvent(new CustomEvent("use-picture", { detail: { ...this.picture, place } }));
  }

  // A dialog opens; see the module of that name.
  ask(what) {
    const detail = { card: this.card.card, picture: this.picture, index: this.index };
    document.dispatchEvent(new CustomEvent(`open-${what}`, { detail }));
  }

  // The frame has its shape before there is a picture, so that nothing jumps.
  shape(width, height) {
    this.root.style.setProperty("--ratio", String(width / height));
  }

  showWaiting(previewUrl, isToy) {
    if (this.isDone) return;
    this.root.classList.add("waiting");
    if (previewUrl) find(this.root, "picture-toy").hidden = !isToy;
    if (!previewUrl || this.previewUrl === previewUrl) return;
    this.previewUrl = previewUrl;
    const next = new Image();
    next.addEventListener("load", () => {
      if (this.isDone || this.previewUrl !== previewUrl) return;
      this.image.src = next.src;
    });
    next.src = previewUrl;
  }

  showDone(picture, references) {
    if (this.isDone) return;
    this.isDone = true;
    this.picture = picture;
    this.index = picture.index;
    this.shape(picture.width, picture.height);
    this.root.classList.remove("waiting");
    this.root.classList.add("done");
    this.image.src = picture.url;
    this.image.alt = picture.alt;
    for (const name of ["picture-link", "picture-open"]) find(this.root, name).href = picture.url;
    find(this.root, "picture-download").href = picture.download_url;
    find(this.root, "picture-compare").hidden = !references.length;
    const triptych = find(this.root, "picture-triptych");
    triptych.hidden = !references.some(({ place }) => place !== "enlarged");
    triptych.href = picture.url.replace(".png", "/triptych.png");
    find(this.root, "picture-toy").hidden = !picture.is_toy;
    find(this.root, "picture-words").textContent = picture.caption;
    this.star.setAttribute("aria-label", `${this.star.dataset.words}: ${picture.alt}`);
  }

  showMarked(isMarked) {
    this.star.setAttribute("aria-pressed", String(isMarked));
  }

  get isMarked() {
    return this.star.getAttribute("aria-pressed") === "true";
  }

  say(sentence) {
    tell(find(this.card.root, "card-error"), sentence);
  }
}

// The cards: drawn from JSON, kept up to date by one stream of events.

const JSON_TYPE = "application/json";
const LOST_RETRY_MS = 3000;
const PAGE_SIZE = 24;

export const startKey = () => [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");

class Trouble extends Error {
  constructor(sentence, isAnswer) {
    super(sentence);
    this.isAnswer = isAnswer;
  }
}

// Post, and return the JSON; what is thrown carries a sentence for people. Lost connections are tried once more:
// the key makes sure that this never makes two jobs.
export async function post(url, { body, json, key, texts, method = "POST" }) {
  const headers = { "Idempotency-Key": key ?? startKey() };
  if (json) headers["Content-Type"] = JSON_TYPE;
  const request = { method, headers, body: json ? JSON.stringify(json) : body };
  let response;
  try {
    response = await fetch(url, request).catch(() => fetch(url, request));
  } catch {
    throw new Trouble(texts["web-not-reachable"], false);
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  throw new Trouble(answer?.detail ?? texts["web-not-reachable"], true);
}

const find = (root, name) => root.querySelector(`.${name}`);
const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

class PictureNode {
  constructor(card) {
    this.root = document.getElementById("picture-template").content.firstElementChild.cloneNode(true);
    this.image = find(this.root, "picture-image");
    this.isDone = false;
    find(this.root, "picture-subtle").addEventListener("click", (event) => card.vary(event, this.index, "subtle"));
    find(this.root, "picture-strong").addEventListener("click", (event) => card.vary(event, this.index, "strong"));
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

  showDone(picture) {
    if (this.isDone) return;
    this.isDone = true;
    this.index = picture.index;
    this.shape(picture.width, picture.height);
    this.root.classList.remove("waiting");
    this.root.classList.add("done");
    this.image.src = picture.url;
    this.image.alt = picture.alt;
    find(this.root, "picture-link").href = picture.url;
    find(this.root, "picture-open").href = picture.url;
    find(this.root, "picture-toy").hidden = !picture.is_toy;
    setText(find(this.root, "picture-words"), picture.caption);
  }
}

class CardNode {
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
    find(this.root, "card-cancel").addEventListener("click", (event) => this.act(event, "cancel"));
    find(this.root, "card-reroll").addEventListener("click", (event) => this.act(event, "reroll"));
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
    card.pictures.forEach((picture, position) => this.pictures[position].showDone(picture));
    const next = this.pictures[card.pictures.length];
    for (const picture of this.pictures) picture.showWaiting(picture === next ? card.preview_url : null, card.is_toy);
  }

  updateButtons(card) {
    const cancel = find(this.root, "card-cancel");
    const reroll = find(this.root, "card-reroll");
    const hadFocus = cancel === document.activeElement;
    cancel.hidden = card.is_final;
    reroll.hidden = !card.is_final;
    const { texts } = this.list;
    setText(reroll, card.phase === "done" ? texts["button-reroll"] : texts["web-try-again"]);
    // With one picture, all that can be done with it stands in one row.
    if (card.phase === "done" && this.pictures.length === 1) {
      find(this.pictures[0].root, "picture-actions").prepend(reroll);
    }
    if (cancel.hidden && hadFocus) this.root.focus();
  }

  vary(event, index, strength) {
    return this.act(event, "vary", { picture: index, strength });
  }

  async act(event, action, json = null) {
    const button = event.currentTarget;
    // The second click of a double click may come after the answer to the first.
    if (event.detail > 1 || button.getAttribute("aria-disabled") === "true") return;
    const name = JSON.stringify([action, json]);
    const key = this.keys.get(name) ?? startKey();
    this.keys.set(name, key);
    this.showError("");
    button.setAttribute("aria-disabled", "true");
    try {
      const card = await post(`/api/jobs/${this.card.id}/${action}`, { json, key, texts: this.list.texts });
      this.keys.delete(name);
      this.list.add(card);
    } catch (error) {
      if (error.isAnswer) this.keys.delete(name);
      this.showError(error.message);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  showError(sentence) {
    const line = find(this.root, "card-error");
    line.textContent = sentence;
    line.hidden = !sentence;
  }
}

export class CardList {
  constructor({ texts, cards }) {
    this.texts = texts;
    this.nodes = new Map();
    this.place = document.getElementById("cards");
    this.connection = document.getElementById("connection");
    this.older = document.getElementById("older");
    this.stream = null;
    this.followed = "";
    this.older.addEventListener("click", () => this.showOlder());
    document.addEventListener("visibilitychange", () => this.turn());
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.refresh(); });
    window.addEventListener("pagehide", () => this.stopFollowing());
    this.takeList(cards);
  }

  // A card that a person just made, or a newer state of one that is there.
  add(card) {
    const isNew = this.draw(card);
    this.follow();
    if (!isNew) return;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.nodes.get(card.id).root.scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
  }

  // Newest first, whatever order the cards come in.
  draw(card) {
    document.getElementById("empty").hidden = true;
    if (card.is_toy) document.getElementById("toy-notice").hidden = false;
    const known = this.nodes.get(card.id);
    if (known) {
      known.update(card);
      return false;
    }
    const node = new CardNode(this, card);
    node.root.dataset.created = card.created_at;
    this.nodes.set(card.id, node);
    const older = [...this.place.children].find((other) => other.dataset.created < card.created_at);
    this.place.insertBefore(node.root, older ?? null);
    return true;
  }

  takeList({ jobs, has_more }) {
    for (const card of jobs) this.draw(card);
    this.older.hidden = !has_more;
    this.follow();
  }

  // One stream for all that still move: browsers allow six connections to a place.
  follow() {
    const ids = [...this.nodes.values()].filter(({ card }) => !card.is_final).map(({ card }) => card.id);
    const missing = ids.some((id) => !this.followed.includes(id));
    if (!ids.length) return this.stopFollowing();
    if ((this.stream && !missing) || document.hidden) return;
    this.stopFollowing();
    this.followed = ids.join(" ");
    this.stream = new EventSource(`/api/events?${ids.map((id) => `job=${encodeURIComponent(id)}`).join("&")}`);
    this.stream.addEventListener("open", () => { this.connection.hidden = true; });
    this.stream.addEventListener("card", (event) => {
      this.draw(JSON.parse(event.data));
      this.follow();
    });
    this.stream.addEventListener("error", () => this.lose());
  }

  stopFollowing() {
    this.stream?.close();
    this.stream = null;
    this.followed = "";
    this.connection.hidden = true;
  }

  // The browser comes back by itself, unless the server refused the stream; then the list is read anew.
  lose() {
    setText(this.connection, this.texts["web-connection-lost"]);
    this.connection.hidden = false;
    if (this.stream?.readyState !== EventSource.CLOSED) return;
    this.stream = null;
    this.followed = "";
    setTimeout(() => this.refresh(), LOST_RETRY_MS);
  }

  // Hidden pages let go of their connection, for the other pages to use.
  turn() {
    if (document.hidden) this.stopFollowing();
    else this.refresh();
  }

  async refresh(limit = Math.max(PAGE_SIZE, this.nodes.size)) {
    try {
      const response = await fetch(`/api/jobs?limit=${Math.min(limit, 200)}`);
      if (!response.ok) throw new Error(String(response.status));
      this.takeList(await response.json());
      this.connection.hidden = true;
    } catch {
      this.lose();
      if (!this.stream) setTimeout(() => this.refresh(limit), LOST_RETRY_MS);
    }
  }

  showOlder() {
    return this.refresh(this.nodes.size + PAGE_SIZE);
  }
}

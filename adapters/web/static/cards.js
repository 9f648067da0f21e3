// The cards: drawn from JSON, newest first, kept up to date by one stream of events.

import { CardNode } from "./card.js";

const LOST_RETRY_MS = 3000;
const PAGE_SIZE = 24;
const MOST_CARDS = 200;

export class CardList {
  constructor({ texts, cards }) {
    this.texts = texts;
    this.nodes = new Map();
    this.favourites = new Set();
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

  takeList({ jobs, has_more, favourites }) {
    this.favourites = new Set(favourites);
    for (const card of jobs) this.draw(card);
    for (const node of this.nodes.values()) node.showMarked();
    this.older.hidden = !has_more;
    this.follow();
  }

  mark(recipe, isMarked) {
    if (isMarked) this.favourites.add(recipe);
    else this.favourites.delete(recipe);
    for (const node of this.nodes.values()) node.showMarked();
  }

  // Take a deleted card away; the focus goes to the one that takes its place.
  remove(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    const next = node.root.nextElementSibling ?? node.root.previousElementSibling;
    node.root.remove();
    this.nodes.delete(id);
    document.getElementById("empty").hidden = this.nodes.size > 0;
    (next ?? document.getElementById("prompt")).focus();
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
    this.connection.textContent = this.texts["web-connection-lost"];
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
      const response = await fetch(`/api/jobs?limit=${Math.min(limit, MOST_CARDS)}`);
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

// The page Operate: live sections, plots, and what operators do.

import { fillTable, plot } from "./plots.js";

const GIGABYTE = 2 ** 30;
const MEASURE_EVERY_MS = 10_000;

const page = document.querySelector(".operate");
const locale = document.documentElement.lang;
const byId = (id) => document.getElementById(id);
const words = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`%${name}%`, value), page.getAttribute(`data-text-${key}`));

/* ---- Live sections ---- */

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const isToday = at.toDateString() === new Date().toDateString();
    const day = isToday ? {} : { year: "numeric", month: "short", day: "numeric" };
    time.title = time.textContent;
    time.textContent = at.toLocaleString(locale, { ...day, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  }
}

const postponed = new Map(); // what came for a section in which somebody is selecting text

function isSelectedIn(section) {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && section.contains(selection.anchorNode);
}

/** Replace what a section shows, and leave the focus and the scrolling where they were. */
function show(name, html) {
  const section = page.querySelector(`[data-live="${name}"]`);
  if (section === null) return;
  postponed.delete(name);
  if (isSelectedIn(section)) { postponed.set(name, html); return; }
  const key = section.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const scrolled = section.querySelector(".scroll, .log");
  const at = scrolled && [scrolled.scrollLeft, scrolled.scrollTop];
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  localTimes(fresh);
  section.replaceChildren(...fresh.childNodes);
  if (key) section.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  const again = section.querySelector(".scroll, .log");
  if (at && again) [again.scrollLeft, again.scrollTop] = at;
}

function follow() {
  const live = byId("live");
  const events = new EventSource("/operate/live");
  events.addEventListener("open", () => {
    live.className = "live is-live";
    live.textContent = words("operate-live");
  });
  events.addEventListener("section", (event) => {
    const { name, html } = JSON.parse(event.data);
    show(name, html);
  });
  events.addEventListener("error", () => {
    live.className = "live is-lost";
    live.textContent = words("web-connection-lost");
    // A browser gives up on an answer that is no stream: the session has ended, or the server is only starting.
    if (events.readyState === EventSource.CLOSED) setTimeout(followAgain, 5_000);
  });
}

document.addEventListener("selectionchange", () => {
  for (const [name, html] of [...postponed]) show(name, html);
});

async function followAgain() {
  const answer = await fetch("/api/operate").catch(() => null);
  if (answer?.status === 401) location.reload(); // which leads to the login and back
  else follow();
}

/* ---- Plots ---- */

const size = (bytes) => (bytes === null ? null : bytes / GIGABYTE);
const shown = (value, digits = 1) => (value === null ? "–" : value.toFixed(digits));
const moment = (at) => new Date(at).toLocaleTimeString(locale);

const PLOTS = {
  memory: ({ samples }) => {
    const series = ["used", "reserved", "total"].map((kind, index) => ({
      className: `line-${"abc"[index]}`,
      points: samples.map((sample) => ({ x: Date.parse(sample.at), y: size(sample[`memory_${kind}_bytes`]) })),
    }));
    const rows = samples.filter((sample) => sample.memory_used_bytes !== null).map((sample) => [
      moment(sample.at), ...["used", "reserved", "total"].map((kind) => shown(size(sample[`memory_${kind}_bytes`]))),
    ]);
    const last = rows.at(-1);
    return { series, rows, summary: last && words("operate-plot-memory-now", { used: last[1], total: last[3] }) };
  },
  speed: ({ pictures }) => {
    const points = pictures.map((drawn) => ({ x: Date.parse(drawn.at), y: drawn.steps_per_s }));
    const rows = pictures.map((drawn) => [
      moment(drawn.at), shown(drawn.steps_per_s, 2), shown(drawn.duration_s), `${drawn.width}×${drawn.height}`,
    ]);
    const last = rows.at(-1);
    const summary = last && words("operate-plot-speed-now", { speed: last[1], seconds: last[2] });
    return { series: [{ className: "line-a", points, asDots: true }], rows, summary };
  },
  queue: ({ samples }) => {
    const series = ["waiting", "running"].map((kind, index) => ({
      className: `line-${"ab"[index]}`,
      points: samples.map((sample) => ({ x: Date.parse(sample.at), y: sample[kind] })),
    }));
    const rows = samples.map((sample) => [moment(sample.at), String(sample.waiting), String(sample.running)]);
    const most = Math.max(0, ...samples.map((sample) => sample.waiting));
    return { series, rows, summary: rows.length ? words("operate-plot-queue-now", { waiting: rows.at(-1)[1], most }) : undefined };
  },
};

let measured = { samples: [], pictures: [] };

function drawPlots() {
  for (const figure of page.querySelectorAll("[data-plot]")) {
    const { series, rows, summary } = PLOTS[figure.dataset.plot](measured);
    const said = summary ?? words("operate-plot-none");
    figure.querySelector("[data-summary]").textContent = said;
    plot(figure.querySelector("[data-area]"), series, said, locale);
    fillTable(figure.querySelector("tbody"), rows);
  }
}

async function measure() {
  try {
    const answer = await fetch("/api/operate/measurements");
    if (!answer.ok) return;
    measured = await answer.json();
    drawPlots();
  } catch {
    // The live line above says that the connection is gone; the next try is soon.
  }
}

/* ---- What operators do ---- */

function say(message) {
  byId("trouble").hidden = true;
  byId("news").textContent = "";
  byId("news").textContent = message;
}

function complain(message) {
  byId("news").textContent = "";
  byId("trouble").hidden = false;
  byId("trouble").textContent = message;
}

async function act(path, body) {
  let answer;
  try {
    answer = await fetch(`/api/operate/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    complain(words("web-not-reachable"));
    return false;
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) say(told.message);
  else complain(told.detail ?? words("web-not-reachable"));
  return answer.ok;
}

/** Ask before what can not be undone, or disturbs somebody; resolves to whether they are sure. */
function confirmed(kind) {
  const template = byId(`confirm-${kind}`);
  const dialog = byId("confirm");
  byId("confirm-title").textContent = template.dataset.title;
  byId("confirm-words").textContent = template.content.textContent;
  byId("confirm-yes").textContent = template.dataset.yes;
  dialog.returnValue = "";
  dialog.showModal();
  byId("confirm-no").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

async function press(button) {
  const { mode, confirm, report, person } = button.dataset;
  if (confirm && !(await confirmed(confirm))) return;
  if (mode) await act("mode", { mode });
  else if (report) await act(`reports/${report}/close`, { delete_picture: confirm === "delete" });
  else if (confirm === "restart") await act("restart-engine");
  else if (person) {
    byId("person").value = person;
    byId("credits").focus();
  }
}

async function submit(form, action) {
  const person = form.elements.person.value.trim();
  if (action === "grant") {
    const credits = Number(form.elements.credits.value.trim().replace(",", ".") || NaN);
    form.elements.credits.setAttribute("aria-invalid", String(!Number.isFinite(credits)));
    if (!Number.isFinite(credits)) { form.elements.credits.focus(); return; }
    if (await act("people/grant", { person, credits })) form.elements.credits.value = "";
  } else if (action === "unblock") {
    await act("people/unblock", { person });
  } else if (await confirmed("block")) {
    if (await act("people/block", { person, reason: form.elements.reason.value })) form.elements.reason.value = "";
  }
}

byId("confirm-yes").addEventListener("click", () => byId("confirm").close("yes"));
byId("confirm-no").addEventListener("click", () => byId("confirm").close(""));
byId("people").addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target, event.submitter?.value ?? "grant");
});
page.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-key]");
  if (button !== null) press(button);
});

localTimes(page);
follow();
measure();
setInterval(measure, MEASURE_EVERY_MS);
new ResizeObserver(drawPlots).observe(page.querySelector(".plots"));

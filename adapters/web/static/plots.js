// Plots of what was measured: lines or dots over time as SVG, and the same numbers as a table.

const NAMESPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 176;
const MARGIN = { left: 40, right: 10, top: 8, bottom: 22 };
const TABLE_ROWS = 40;
const GAP_MS = 60_000; // a line is broken where nothing was measured for so long

function draw(name, attributes, parent, text) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

/** The smallest round number that is not below `value`. */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value * (1 - 1e-9));
  return factor * power;
}

/** Where the curve is broken: pieces of points that follow one another closely. */
export function pieces(points, gapMs = GAP_MS) {
  const found = [];
  let last = null;
  for (const point of points) {
    if (point.y === null) { last = null; continue; }
    if (last === null || point.x - last.x > gapMs) found.push([]);
    found.at(-1).push(point);
    last = point;
  }
  return found;
}

const number = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(value < 1 ? 2 : 1));
const clock = (time, locale) => new Date(time).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });

/** Draw `series` (`{className, points: [{x, y}], asDots}`) into `area`; `label` is what the picture says in words. */
export function plot(area, series, label, locale) {
  const width = Math.max(220, Math.floor(area.clientWidth));
  const points = series.flatMap((one) => one.points).filter((point) => point.y !== null);
  area.replaceChildren();
  if (!points.length) return;
  const svg = draw("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label }, area);
  const end = Math.max(...points.map((point) => point.x));
  const begin = Math.min(end - 5 * 60_000, ...points.map((point) => point.x));
  const top = roundUp(Math.max(...points.map((point) => point.y)));
  const x = (value) => MARGIN.left + ((value - begin) / (end - begin)) * (width - MARGIN.left - MARGIN.right);
  const y = (value) => HEIGHT - MARGIN.bottom - (value / top) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  for (const part of [0, 0.5, 1]) {
    const at = y(top * part);
    draw("line", { class: "grid-line", x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at }, svg);
    draw("text", { x: MARGIN.left - 6, y: at + 4, "text-anchor": "end" }, svg, number(top * part));
  }
  for (const [part, anchor] of [[0, "start"], [0.5, "middle"], [1, "end"]]) {
    const time = begin + (end - begin) * part;
    draw("text", { x: x(time), y: HEIGHT - 6, "text-anchor": anchor }, svg, clock(time, locale));
  }
  for (const one of series) {
    for (const piece of pieces(one.points, one.asDots ? Infinity : GAP_MS)) {
      if (one.asDots) {
        for (const point of piece) draw("circle", { class: `dot ${one.className}`, cx: x(point.x), cy: y(point.y), r: 3 }, svg);
      } else {
        const path = piece.map((point, index) => `${index ? "L" : "M"}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`);
        draw("path", { class: `curve ${one.className}`, d: path.join("") }, svg);
      }
    }
  }
}

/** Fill a table with `rows` of cells, newest first; evenly thinned out where there are many. */
export function fillTable(body, rows) {
  const every = Math.max(1, Math.ceil(rows.length / TABLE_ROWS));
  const shown = rows.filter((_, index) => (rows.length - 1 - index) % every === 0).reverse();
  body.replaceChildren(...shown.map((cells) => {
    const row = document.createElement("tr");
    cells.forEach((text, index) => {
      const cell = document.createElement(index ? "td" : "th");
      if (!index) cell.scope = "row";
      else if (/^[\d.,–]/.test(text) && !text.includes("×")) cell.className = "number";
      cell.textContent = text;
      row.append(cell);
    });
    return row;
  }));
}

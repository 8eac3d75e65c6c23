// The objects: one column for each kind, in the order of a message's route, with lines between them.

import { kindName } from "./deliveries.js";
import { byId, element } from "./dom.js";

const ORDER = ["Channel", "Account", "Orchestration", "Participant", "ClientApplication", "Authentication"];
// Pixels: from a card's top to its first line of text; between two cards (page.css).
const HEAD = 18;
const GAP = 12;
// With more objects than this, the list of references is under a card's details.
const FEW = 20;
const SVG = "http://www.w3.org/2000/svg";
let written = "";
let cards = new Map();
let lines = [];

/** Redraw lines when cards move, and highlight a card's neighbors. */
export function start() {
  const hub = byId("hub");
  new ResizeObserver(place).observe(hub);
  hub.addEventListener("toggle", place, true);
  for (const kind of ["pointerover", "focusin"]) hub.addEventListener(kind, (event) => mark(event.target));
  for (const kind of ["pointerleave", "focusout"]) hub.addEventListener(kind, () => mark(null));
}

/** Draw all objects if any has changed. */
export function show(objects) {
  const text = JSON.stringify(objects);
  if (text === written) return;
  written = text;
  const focused = document.activeElement?.closest(".card")?.id;
  const open = new Set([...document.querySelectorAll(".card details[open]")].map(({ id }) => id));
  const known = new Map(objects.map((one) => [one.id, one]));
  cards = new Map(objects.map((one) => [one.id, card(one, known, objects, open)]));
  const pairs = new Map(
    objects.flatMap(({ id, refers }) =>
      refers.filter((to) => cards.has(to.id)).map((to) => [`${id} ${to.id}`, [id, to.id]]),
    ),
  );
  const canvas = document.createElementNS(SVG, "svg");
  canvas.setAttribute("aria-hidden", "true");
  lines = [...pairs.values()].map(([from, to]) => {
    const path = canvas.appendChild(document.createElementNS(SVG, "path"));
    return { from, to, path };
  });
  byId("none").hidden = objects.length > 0;
  byId("hub").replaceChildren(canvas, ...columns(objects));
  if (focused) document.getElementById(focused)?.focus();
  place();
}

function columns(objects) {
  const kinds = [...new Set([...ORDER, ...objects.map(({ kind }) => kind)])];
  const height = new Map();
  return kinds.flatMap((kind) => {
    const here = objects.filter((one) => one.kind === kind);
    if (!here.length) return [];
    // Next to their neighbors in earlier columns, so that fewer lines cross.
    const target = new Map(here.map((one) => [one.id, mean(neighbors(one.id).map((id) => height.get(id)))]));
    here.sort((a, b) => target.get(a.id) - target.get(b.id));
    here.forEach(({ id }, n) => height.set(id, n / here.length));
    const title = element("h3", {}, `${kindName(kind)} (${here.length})`);
    return element("div", { class: "column" }, title, ...here.map(({ id }) => cards.get(id)));
  });
}

const neighbors = (id) =>
  lines.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));

function mean(numbers) {
  const known = numbers.filter((number) => number !== undefined);
  return known.length ? known.reduce((sum, number) => sum + number, 0) / known.length : 1;
}

const anchor = (id) => `object-${encodeURIComponent(id)}`;

function card({ kind, id, name, active, refers, facts }, known, all, open) {
  const details = `details-${anchor(id)}`;
  const users = all.filter((other) => other.refers.some((to) => to.id === id));
  const link = (to, after) => {
    const there = known.get(to.id);
    const text = there ? `${kindName(there.kind)} “${there.name || there.id}”` : `${kindName(to.kind)} ${to.id}`;
    const shown = there ? element("a", { href: `#${encodeURIComponent(anchor(to.id))}` }, text) : text;
    return element("li", {}, shown, ...after);
  };
  const to = refers.length
    ? element("ul", { "aria-label": "refers to" }, ...refers.map((one) => link(one, placeOf(one, known))))
    : null;
  const compact = all.length > FEW;
  return element(
    "article",
    { class: `card${active ? "" : " off"}`, id: anchor(id), tabindex: "-1", "aria-label": `${kindName(kind)} ${name}` },
    element("h4", {}, name || "unnamed"),
    active ? null : element("p", { class: "inactive" }, "not active"),
    compact ? null : to,
    element(
      "details",
      { id: details, open: open.has(details) ? "" : null },
      element("summary", {}, "Details"),
      compact ? to : null,
      element("p", { class: "id" }, id),
      facts.length
        ? element("dl", {}, ...facts.flatMap(({ path, value }) => [element("dt", {}, ...breakable(path.split("."))), element("dd", {}, value)]))
        : null,
      users.length ? element("p", {}, "Referred to by:") : null,
      users.length ? element("ul", { "aria-label": "referred to by" }, ...users.map((one) => link(one, []))) : null,
    ),
  );
}

/** Return the last two steps of a reference's path. */
function placeOf(to, known) {
  const steps = to.path.replace(/\.id$/, "").split(".").slice(-2);
  return [" ", element("span", { class: "as" }, known.has(to.id) ? "as " : "(missing) as ", ...breakable(steps))];
}

/** Return a path that may wrap after each dot. */
function breakable(steps) {
  return steps.flatMap((step, n) => (n ? [".", element("wbr"), step] : [step]));
}

/** Draw each line between its two cards; none if the columns are stacked (narrow window). */
function place() {
  const hub = byId("hub");
  const origin = hub.getBoundingClientRect();
  const columns = [...hub.querySelectorAll(".column")].map(passage);
  for (const { from, to, path } of lines) {
    let [left, right] = [from, to].map((id) => cards.get(id).getBoundingClientRect());
    if (left.left > right.left) [left, right] = [right, left];
    if (right.left < left.right) {
      path.setAttribute("d", "");
      continue;
    }
    const [begin, end] = [left.top + HEAD, right.top + HEAD];
    const between = columns.filter((column) => column.left > left.right && column.right < right.left);
    const stops = between.map((column, n) => {
      const target = begin + ((end - begin) * (n + 1)) / (between.length + 1);
      const gap = column.gaps.reduce((a, b) => (Math.abs(b - target) < Math.abs(a - target) ? b : a));
      return [column.left, column.right, gap];
    });
    let [x, y] = [left.right - origin.left, begin - origin.top];
    let way = `M${x},${y}`;
    for (const [edge, far, height] of [...stops, [right.left, right.left, end]]) {
      const [u, v] = [edge - origin.left, height - origin.top];
      const middle = (x + u) / 2;
      way += ` C${middle},${y} ${middle},${v} ${u},${v}`;
      [x, y] = [far - origin.left, v];
      way += ` L${x},${y}`;
    }
    path.setAttribute("d", way);
  }
}

/** Return the heights at which lines can pass a column: between its cards, and below them. */
function passage(column) {
  const { left, right } = column.getBoundingClientRect();
  const below = [...column.querySelectorAll(".card")].map((node) => node.getBoundingClientRect().bottom);
  return { left, right, gaps: below.map((bottom) => bottom + GAP / 2) };
}

/** Highlight a card's lines and neighbors. */
function mark(target) {
  const id = [...cards].find(([, node]) => target !== null && node.contains(target))?.[0];
  byId("hub").classList.toggle("marking", id !== undefined);
  for (const { from, to, path } of lines) path.classList.toggle("near", from === id || to === id);
  const near = id === undefined ? [] : [id, ...neighbors(id)];
  for (const [key, node] of cards) node.classList.toggle("near", near.includes(key));
}

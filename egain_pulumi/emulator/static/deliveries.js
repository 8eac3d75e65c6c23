// The hops: every step of every message, newest first.

import { byId, element, timeOf, write } from "./dom.js";

const KEPT = 2000;
const SHOWN = 200;
let hops = [];

/** The number of the newest hop on this page. */
export let last = 0;

/** Remove all hops: the emulator was reset. */
export function clear() {
  hops = [];
  last = 0;
  byId("hops").replaceChildren();
}

/** Add new hops; `conversation` is the selected one. */
export function add(page, conversation) {
  hops = [...hops, ...page.hops].slice(-KEPT);
  last = page.last;
  const waiting = page.retained ? `, ${page.retained} of them waiting for agents` : "";
  write(byId("counts"), `${page.pending} pending${waiting}; ${last} steps so far.`);
  const only = byId("only").checked ? conversation : null;
  const listed = hops.filter((hop) => only === null || hop.conversation === only).slice(-SHOWN);
  const state = `${only} ${listed.length} ${listed.at(-1)?.n}`;
  if (byId("hops").dataset.state === state) return;
  byId("hops").dataset.state = state;
  byId("hops").replaceChildren(...listed.toReversed().map(render));
}

function render({ time, outcome, step, object, why, to, status, seconds }) {
  const parts = [to, status, seconds === null ? null : `${Math.round(seconds * 1000)} ms`];
  const call = parts.filter((part) => part !== null).join(", ");
  return element(
    "li",
    { class: outcome },
    element("span", { class: "when" }, timeOf(time)),
    object && kindName(object.kind).endsWith(step) ? " " : ` ${step} `,
    object ? `${kindName(object.kind)} “${object.name}” ` : "",
    element("strong", {}, outcome),
    `: ${why}`,
    call ? element("span", { class: "call" }, ` (${call})`) : null,
  );
}

/** "client application" for "ClientApplication". */
export const kindName = (kind) => kind.replace(/(?<=[a-z])[A-Z]/g, " $&").toLowerCase();

// Elements are made here and nowhere else. What people wrote becomes a text node, never markup.

export const byId = (id) => document.getElementById(id);

// Letters that turn the direction of what follows, and control characters but line feed and tab.
const MEDDLING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const plain = (text) => String(text).replace(MEDDLING, "\ufffd");

/** An element. `attributes` are set as such; children are elements or values shown as text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value);
  }
  const given = children.filter((child) => child !== null);
  made.append(...given.map((child) => (child instanceof Node ? child : plain(child))));
  return made;
}

/** Set a text only where it differs: a live region that is written anew is read out anew. */
export function write(node, text) {
  if (node.textContent !== plain(text)) node.textContent = plain(text);
}

/** Options of a select, [value, text] each. Whoever is choosing at the moment is not disturbed. */
export function choose(select, options, chosen) {
  const written = JSON.stringify(options);
  if (select.dataset.written !== written) {
    select.dataset.written = written;
    select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
  }
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

/** The time of day in a stamp of the emulator's clock. */
export const timeOf = (stamp) => (stamp ?? "").slice(11, 23);

// The only place that creates elements. User text becomes a text node, never markup.

export const byId = (id) => document.getElementById(id);

// Characters that change the direction of text, and control characters except line feed and tab.
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const plain = (text) => String(text).replace(UNPRINTABLE, "\ufffd");

/** Create an element. Children are elements, or values that are shown as text. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) node.setAttribute(name, value);
  }
  const given = children.filter((child) => child !== null);
  node.append(...given.map((child) => (child instanceof Node ? child : plain(child))));
  return node;
}

/** Set a text only if it differs: a screen reader reads a live region again when it is set. */
export function write(node, text) {
  if (node.textContent !== plain(text)) node.textContent = plain(text);
}

/** Set the options of a select, [value, text] each. An unchanged list stays open for the user. */
export function choose(select, options, chosen) {
  const written = JSON.stringify(options);
  if (select.dataset.written !== written) {
    select.dataset.written = written;
    select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
  }
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

/** Return the time of day of a time stamp. */
export const timeOf = (stamp) => (stamp ?? "").slice(11, 23);

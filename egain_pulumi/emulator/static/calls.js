// Calls of the control surface. It needs no token, so this page never holds a secret.

/** A call that the emulator refused, with its reason as the message. */
export class Refused extends Error {}

async function call(path, options) {
  const answer = await fetch(`/_emulator${path}`, { cache: "no-store", ...options });
  const body = answer.status === 204 ? null : await answer.json();
  if (answer.ok) return body;
  const details = (body.details ?? []).map(({ key, value }) => `${key} ${value}`);
  const text = body.error ?? [body.developerMessage, ...details].join(" ");
  throw new Refused(text);
}

export const get = (path) => call(path, {});

/** Send one message; return the id of its conversation. */
export async function send(message) {
  const body = JSON.stringify({ messages: { message: [message] } });
  const headers = { "Content-Type": "application/json" };
  const answer = await call("/messages", { method: "POST", body, headers });
  return answer.messages.message[0].conversation.id;
}

// One conversation: shows all its messages; writes as the customer or as the agent.

import { send, Refused } from "./calls.js";
import { byId, choose, element, timeOf, write } from "./dom.js";

const WHO = {
  customer: "Customer",
  egain_bot: "Bot",
  custom_bot: "Bot",
  egain_agent: "Agent",
  custom_agent: "Agent",
  system: "eGain",
};
const WITH = { bot: "with the bot", agent: "with the agents" };

/** The id of the selected conversation, "" for a new one. */
export let chosen = "";
let accounts = new Map();
let shown = new Map();
// Whether the list is scrolled to its end and follows new messages.
let following = true;

/** Connect the form; `wake` refreshes the page at once. */
export function start(wake) {
  const list = byId("messages");
  list.addEventListener("scroll", () => {
    following = list.scrollHeight - list.scrollTop - list.clientHeight < 8;
  });
  byId("conversation").addEventListener("change", (event) => {
    open(event.target.value);
    wake();
  });
  byId("write").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId("text").value;
    if (!text.trim()) return say("Write something first.");
    void deliver({ type: { value: "text" }, content: { text } }, wake);
  });
  byId("end").addEventListener("click", () => {
    if (!chosen) return say("There is no conversation to end yet.");
    void deliver({ type: { value: "conversation.end" } }, wake);
  });
}

/** Select another conversation, "" for a new one. */
export function open(conversation) {
  chosen = conversation;
  shown = new Map();
  following = true;
  byId("messages").replaceChildren();
  say("");
}

/** List the accounts and conversations to select from. */
export function offer(objects, conversations) {
  const channelOf = (account) => account.refers.find(({ kind }) => kind === "Channel")?.id;
  accounts = new Map(
    objects
      .filter(({ kind }) => kind === "Account")
      .map((account) => [
        account.id,
        { ...account, channel: objects.find(({ id }) => id === channelOf(account)) },
      ]),
  );
  const listed = [...accounts.values()].map((account) => [
    account.id,
    `${account.name} (${account.channel?.name ?? "no channel"}, ${addressOf(account) ?? "no address"})`,
  ]);
  choose(byId("account"), listed.length ? listed : [["", "no accounts yet"]], byId("account").value);
  const started = conversations.toReversed().map((one) => [
    one.id,
    `${timeOf(one.created)}, ${accounts.get(one.accountId)?.name ?? "account deleted"}, ${standing(one)}`,
  ]);
  choose(byId("conversation"), [["", "New conversation"], ...started], chosen);
  if (!chosen) write(byId("standing"), "The first message starts a conversation.");
}

/** Show the messages of the selected conversation. */
export function show(conversation) {
  if (conversation.id !== chosen) return;
  const where = standing(conversation);
  write(byId("standing"), `${where[0].toUpperCase()}${where.slice(1)}.`);
  const list = byId("messages");
  for (const message of conversation.messages) {
    if (!shown.has(message.id)) {
      shown.set(message.id, render(message));
      list.append(shown.get(message.id));
    }
    const node = shown.get(message.id);
    node.classList.toggle("failed", message.status === "failed");
    write(node.lastChild, fate(message));
  }
  if (following) list.scrollTop = list.scrollHeight;
}

function render({ body, created }) {
  const role = body.sender.type;
  const kind = body.type.value;
  const words = body.content?.text ?? body.content?.html ?? "";
  const files = (body.attachments?.attachment ?? []).map(({ name, url, id }) => name ?? url ?? id);
  return element(
    "div",
    { class: `message ${role === "customer" ? "customer" : "company"}` },
    element("p", { class: "who" }, `${WHO[role] ?? role}, ${timeOf(created)}`),
    kind === "text" ? null : element("p", { class: "kind" }, kind),
    words ? element("p", { class: "words" }, words) : null,
    files.length ? element("p", { class: "kind" }, `attached: ${files.join(", ")}`) : null,
    element("p", { class: "fate" }),
  );
}

function fate({ status, reason, mailed }) {
  if (status === "failed") {
    return `Failed: ${reason}.${mailed ? ` eGain would send mail to ${mailed}.` : ""}`;
  }
  return status === "sent" ? "Delivered" : "Pending";
}

function standing(conversation) {
  const where = WITH[conversation.with] ?? "with no one yet";
  return `${conversation.open ? "open" : "closed"}, ${where}${conversation.escalated ? ", escalated" : ""}`;
}

const addressOf = (account) => account.facts.find(({ path }) => path === "address")?.value;

async function deliver(message, wake) {
  say("");
  const sender = { type: new FormData(byId("write")).get("sender") };
  try {
    const conversation = await send({ ...message, sender, conversation: conversationRef() });
    if (conversation !== chosen) open(conversation);
    if (message.content) byId("text").value = "";
    wake();
  } catch (problem) {
    if (!(problem instanceof Refused || problem instanceof TypeError)) throw problem;
    say(problem instanceof Refused ? problem.message : "The emulator does not answer.");
  }
}

/** Return how a message names its conversation: by id, or by channel type and address. */
function conversationRef() {
  if (chosen) return { id: chosen };
  const account = accounts.get(byId("account").value);
  return { account: { channel: { type: account?.channel?.name }, address: account && addressOf(account) } };
}

const say = (text) => write(byId("refusal"), text);

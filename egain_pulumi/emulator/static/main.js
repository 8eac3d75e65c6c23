// Polls the emulator twice a second and shows what changed.

import { get, Refused } from "./calls.js";
import * as chat from "./chat.js";
import * as deliveries from "./deliveries.js";
import { byId, write } from "./dom.js";
import * as objects from "./objects.js";

const PAUSE = 500;
const PAUSE_HIDDEN = 5000;
let wake = () => {};
let generation = null;

async function refresh() {
  const overview = await get("/");
  if (overview.generation !== generation) {
    // Another database, or a reset: nothing on this page exists any more.
    generation = overview.generation;
    deliveries.clear();
    chat.open("");
  }
  const hub = await get("/connections");
  objects.show(hub.objects);
  const { conversations } = await get("/conversations");
  chat.offer(hub.objects, conversations);
  const page = await get(`/hops?since=${deliveries.last}`);
  deliveries.add(page, chat.chosen);
  if (chat.chosen) chat.show(await get(`/conversations/${encodeURIComponent(chat.chosen)}`));
}

async function run() {
  let refused = false;
  for (;;) {
    // A wake during a refresh starts another refresh.
    let woken = false;
    wake = () => (woken = true);
    try {
      await refresh();
      refused = false;
      write(byId("problem"), "");
    } catch (problem) {
      // A reset during the refresh: the next refresh notices it.
      const first = problem instanceof Refused && !refused;
      refused = problem instanceof Refused;
      if (first) continue;
      const text = problem instanceof TypeError ? "the emulator does not answer" : problem.message;
      write(byId("problem"), `This page cannot be updated: ${text}.`);
    }
    if (woken) continue;
    await new Promise((done) => {
      wake = done;
      setTimeout(done, document.hidden ? PAUSE_HIDDEN : PAUSE);
    });
  }
}

chat.start(() => wake());
byId("only").addEventListener("change", () => wake());
objects.start();
void run();

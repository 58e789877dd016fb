// The page: puts its parts together and keeps them in step with the server.

import { startCompletion } from "./completion.js";
import { remember, startEarlierLines } from "./earlier.js";
import { fillPalette } from "./palette.js";
import { AGAIN, Busy, listen, newKey, read, Unheard, words, write } from "./server.js";
import { say, showAnswer, showEmpty, showFailed, showHistory, showLine, showPosted, showPreview, showRevised, showSent, showUnsent, showWait, showWaiting } from "./wall.js";
import { startTheme } from "./theme.js";

const said = words.said;
const form = document.getElementById("ask");
const input = document.getElementById("line");
const early = []; // events of a job that came before the answer that names it
const unsent = []; // what was said while nobody heard it
let refused; // a line that came back into the box
let asking = 0;
let lost = false;
let resending = Promise.resolve();
let timer;

function onEvent(event) {
  if (asking) early.push(event);
  show(event);
}

function show(event) {
  if (event.type === "waiting") showWait(event.job, event.text, event.seconds);
  if (event.type === "preview") showPreview(event.job, event.pictures);
  if (event.type === "posted") showPosted(event.job, event.pictures, event.sentence);
  if (event.type === "revised") showRevised(event.job, event.kept, event.text, event.hidden);
  if (event.type === "told") showAnswer(event.text, false, event);
  if (event.type === "failed") showFailed(event.job, event.text);
}

// typed: the line stood in the box, and comes back there when it is refused.
function ask(line, typed = false) {
  const wish = { line, key: newKey(), shown: showLine(line), typed };
  // Whoever is ahead in a burst goes first.
  return unsent.length ? keep(wish, unsent[0].reason) : send(wish);
}

async function send(wish) {
  asking += 1;
  try {
    hear(await write("/ask", { key: wish.key, line: wish.line }), wish);
  } catch (error) {
    if (error instanceof Busy) keep(wish, said.burst, error.milliseconds);
    else if (error instanceof Unheard) keep(wish, said.unsent);
    else hear({ text: error.message, refused: true }, wish);
  } finally {
    asking -= 1;
    if (!asking) early.length = 0;
  }
}

function hear(answer, wish) {
  showSent(wish.shown);
  if (answer.refused && wish.typed && !input.value) fill((refused = wish.line));
  if (!answer.job) return showAnswer(answer.text, answer.refused, answer);
  showWaiting(answer.job, answer.text, answer.seconds);
  early.filter((event) => event.job === answer.job).forEach(show);
}

// Without a connection every line is marked; a burst is told once, whoever is behind the first waits with it.
function keep(wish, reason, milliseconds = AGAIN) {
  const isFirst = !unsent.length && !wish.reason;
  unsent.push(Object.assign(wish, { reason }));
  if (isFirst || reason === said.unsent) showUnsent(wish.shown, reason);
  timer ??= setTimeout(resend, milliseconds);
}

// One after the other, in the order in which they were said.
function resend() {
  clearTimeout(timer);
  timer = undefined;
  resending = resending.then(async () => {
    const wishes = unsent.splice(0);
    for (const wish of wishes) await (unsent.length ? keep(wish, unsent[0].reason) : send(wish));
    // One whose answer alone was lost may be painted by now.
    if (wishes.length > unsent.length) await catchUp();
  });
  return resending;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const line = input.value.trim();
  if (!line) return;
  input.value = "";
  input.dispatchEvent(new Event("input"));
  remember(line);
  ask(line, true);
});

document.getElementById("log").addEventListener("click", (event) => {
  const pressed = event.target.closest(".act");
  if (!pressed) return;
  if (pressed.matches(".again")) fill(`/paint ${pressed.dataset.line}`);
  if (pressed.matches(".say")) sayInstead(pressed.dataset.line);
  if (pressed.matches(".remove") && confirm(said.sure)) quietly(pressed.dataset.line);
  if (pressed.matches(".cancel, .hide")) quietly(pressed.dataset.line);
});

// A proposal takes the place of what was refused.
function sayInstead(line) {
  if (input.value === refused) input.value = "";
  ask(line);
}

function fill(line) {
  input.value = line;
  input.focus();
}

// What is pressed shows itself on the wall; only a refusal has to be said.
async function quietly(line) {
  const answer = await write("/ask", { key: newKey(), line }).catch((error) => ({ text: error.message, refused: true }));
  if (answer.refused) showAnswer(answer.text, true);
}

document.getElementById("empty").addEventListener("click", (event) => {
  const idea = event.target.closest(".idea");
  if (idea) ask(idea.textContent);
});

document.getElementById("language").addEventListener("change", async (event) => {
  try {
    await write("/language", { language: event.target.value });
    location.reload();
  } catch (error) {
    say(error.message);
  }
});

async function catchUp() {
  try {
    const entries = await read("/history");
    entries.forEach((entry) => remember(entry.said));
    showHistory(entries);
    if (lost) say(said.online);
  } catch (error) {
    showAnswer(error.message, true);
  }
  lost = false;
}

startTheme();
const connected = new Promise((resolve) => {
  listen({
    onEvent,
    // What was heard is in the history, too, and would hang there twice.
    onOpen: () => resend().then(catchUp).then(resolve),
    onLost: () => {
      lost = true;
      say(said.offline);
    },
  });
});
const vocabulary = await read("/vocabulary");
fillPalette(vocabulary);
startCompletion(vocabulary);
startEarlierLines();
showEmpty();
input.focus({ preventScroll: true });
// Other pages lead here with a line, which nobody has said yet.
fill(new URLSearchParams(location.search).get("line") ?? input.value);
await connected;
document.documentElement.dataset.ready = "true";

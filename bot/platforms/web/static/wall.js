// The wall: what was said, and the sheets that hang there. Text is only ever set as text.

import { words, write } from "./server.js";

const log = document.getElementById("log");
const empty = document.getElementById("empty");
const status = document.getElementById("status");
const said = words.said;
const labels = { reroll: said.reroll, vary: said.vary, upscale: said.upscale };
const requests = new Map(); // job -> { sheets, state }

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function say(text) {
  status.classList.remove("heard");
  status.textContent = text;
}

// What the wall shows by itself is said to screen readers alone.
function tell(text) {
  say(text);
  status.classList.add("heard");
}

export function showEmpty() {
  empty.hidden = log.childElementCount > 0;
}

function hang(...elements) {
  const item = make("li");
  item.append(...elements);
  log.append(item);
  showEmpty();
  item.scrollIntoView({ block: "end" });
  return item;
}

export function showLine(line) {
  const bubble = make("p", "said");
  bubble.append(make("span", "quiet", `${said.you}: `), make("span", "", line));
  return hang(bubble);
}

export function showUnsent(item, text) {
  if (!item.querySelector(".unsent")) item.append(make("p", "unsent", text));
  say(text);
}

// What is answered now stands below what was said since.
export function showSent(item) {
  const note = item.querySelector(".unsent");
  if (!note) return;
  note.remove();
  log.append(item);
}

export function showAnswer(text, refused, { pictures = [], buttons = [], attachments = [] } = {}) {
  const parts = [make("p", refused ? "answer refused" : "answer", text)];
  if (pictures.length) {
    const sheets = make("div", "sheets many");
    pictures.forEach((picture) => {
      const sheet = makeSheet(picture.caption);
      sheets.append(sheet);
      finish(sheet, picture);
    });
    parts.push(sheets);
  }
  parts.push(...attachments.map(attached));
  if (buttons.length) {
    const row = make("p", "row");
    row.append(...buttons.map((button) => lineButton(button.label, button.line)));
    parts.push(row);
  }
  hang(...parts);
  tell(text);
}

// A file that goes with an answer: shown if it can be, and to be kept.
function attached(file) {
  const figure = make("figure", "sheet attached");
  if (file.is_picture) {
    const frame = make("div", "frame");
    setImage(frame, file, "alone");
    figure.append(frame);
  }
  const caption = make("figcaption");
  const link = make("a", "act", `${said.download}: ${file.name}`);
  link.href = file.src;
  link.download = file.name;
  caption.append(link);
  figure.append(caption);
  return figure;
}

// A button that says a line, as if it were typed.
function lineButton(label, line, className = "act say") {
  const button = make("button", className, label);
  button.type = "button";
  button.dataset.line = line;
  return button;
}

export function showWaiting(job, text, seconds = null) {
  if (requests.has(job)) return;
  const told = make("p", "says", text);
  const sheets = make("div", "sheets");
  const sheet = makeSheet();
  sheet.querySelector("figcaption").append(lineButton(said.cancel, `/cancel ${job}`, "act cancel"));
  sheets.append(sheet);
  requests.set(job, { told, sheets, state: "waiting" });
  hang(told, sheets);
  count(sheet, seconds);
  say(said.sketching);
}

// How many are before it, and when it is due, when either has changed.
export function showWait(job, text, seconds) {
  const request = requests.get(job);
  if (!request || request.state !== "waiting") return;
  request.told.textContent = text;
  count(request.sheets.firstElementChild, seconds);
}

// The words change as time passes, in steps, and no screen reader reads each of them.
function count(sheet, seconds) {
  sheet.querySelector(".due")?.remove();
  if (seconds === null) return;
  const due = performance.now() + seconds * 1000;
  const words = make("span", "due");
  words.setAttribute("aria-live", "off");
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
  const show = () => {
    if (!words.isConnected) return;
    const left = Math.max(1, Math.round((due - performance.now()) / 1000));
    const text = left < 60 ? relative.format(left, "second") : relative.format(Math.round(left / 60), "minute");
    if (words.textContent !== `⏳ ${text}`) words.textContent = `⏳ ${text}`;
    setTimeout(show, 1000);
  };
  sheet.querySelector("figcaption").prepend(words);
  show();
}

function makeSheet(text = "") {
  const sheet = make("figure", "sheet waiting");
  const frame = make("div", "frame");
  const caption = make("figcaption");
  if (text) caption.append(make("span", "caption", text));
  sheet.append(frame, caption);
  return sheet;
}

function sheetsFor(request, pictures) {
  while (request.sheets.childElementCount < pictures.length) request.sheets.append(makeSheet());
  request.sheets.classList.toggle("many", pictures.length > 1);
  return [...request.sheets.children];
}

function setImage(frame, picture, className) {
  const image = make("img", className);
  image.alt = picture.alt;
  image.width = picture.width;
  image.height = picture.height;
  image.src = picture.src;
  frame.append(image);
  return image;
}

export function showPreview(job, pictures) {
  const request = requests.get(job);
  if (!request || request.state !== "waiting") return;
  sheetsFor(request, pictures).forEach((sheet, index) => {
    const frame = sheet.querySelector(".frame");
    frame.replaceChildren();
    setImage(frame, pictures[index], "layout");
  });
  request.sheets.lastElementChild.scrollIntoView({ block: "end" });
  say(said.painting);
}

export function showPosted(job, pictures, sentence) {
  const request = requests.get(job);
  if (!request || request.state === "posted") return;
  request.state = "posted";
  request.told.textContent = sentence;
  sheetsFor(request, pictures).forEach((sheet, index) => finish(sheet, pictures[index]));
  tell(said.ready.replace("{alt}", pictures.map((picture) => picture.alt).join(" ")));
}

async function finish(sheet, picture) {
  const frame = sheet.querySelector(".frame");
  const layout = frame.querySelector(".layout");
  const painting = setImage(frame, picture, layout ? "painting" : "painting alone");
  sheet.dataset.picture = picture.id;
  sheet.querySelector(".cancel")?.remove();
  sheet.querySelector(".due")?.remove();
  sheet.querySelector("figcaption").append(...actions(picture), details(picture));
  veil(sheet, picture.hidden);
  await painting.decode().catch(() => undefined);
  sheet.classList.remove("waiting");
  if (layout) layout.alt = "";
  // Those before it may be ready later, and must not take the wall back to where they hang.
  if (log.lastElementChild?.contains(sheet)) sheet.scrollIntoView({ block: "nearest" });
}

function actions(picture) {
  const heart = make("button", "act heart");
  heart.type = "button";
  setHeart(heart, picture.liked);
  heart.addEventListener("click", () => like(heart, picture.id));
  const download = make("a", "act download", said.download);
  download.href = `${picture.src}?download`;
  const again = make("button", "act again", said.again);
  again.type = "button";
  again.dataset.line = picture.line;
  const page = make("a", "act number", said.number.replace("{numbers}", picture.number));
  page.href = `/picture/${picture.id}`;
  const next = ["reroll", "vary", "upscale"].map((verb) => lineButton(labels[verb], `/${verb} ${picture.number}`));
  const remove = lineButton(said.remove, `/delete ${picture.number}`, "act remove");
  const hide = lineButton(said.hide, `/spoiler ${picture.number}`, "act hide");
  return [page, heart, ...next, again, download, hide, remove];
}

// The line that paints exactly this picture again, for who wants to see it.
function details(picture) {
  const element = make("details", "details");
  element.append(make("summary", "act", said.details), make("code", "line", `/paint ${picture.line}`));
  return element;
}

// A hidden picture is behind a word that shows it to who presses it.
function veil(sheet, hidden) {
  const frame = sheet.querySelector(".frame");
  const button = sheet.querySelector(".hide");
  if (button) button.textContent = hidden ? said.unhide : said.hide;
  if (frame.hidden === Boolean(hidden)) return;
  frame.hidden = Boolean(hidden);
  sheet.querySelector(".veil")?.remove();
  if (!hidden) return;
  const look = make("button", "veil", said.look);
  look.type = "button";
  look.addEventListener("click", () => {
    frame.hidden = false;
    look.remove();
  });
  frame.before(look);
}

function setHeart(heart, on) {
  heart.setAttribute("aria-pressed", String(on));
  heart.textContent = on ? `♥ ${said.favourited}` : `♡ ${said.favourite}`;
}

async function like(heart, picture) {
  const on = heart.getAttribute("aria-pressed") !== "true";
  setHeart(heart, on);
  try {
    await write("/like", { picture, on });
  } catch (error) {
    setHeart(heart, !on);
    say(error.message);
  }
}

export function showFailed(job, text) {
  const request = requests.get(job);
  if (!request || request.state !== "waiting") return;
  request.state = "failed";
  request.told.remove();
  request.sheets.replaceWith(make("p", "answer refused", text));
  tell(text);
}

// Pictures that were deleted go from the wall and hidden ones are veiled, whoever did it and wherever.
export function showRevised(job, kept, text, hidden = []) {
  const request = requests.get(job);
  if (!request) return;
  for (const sheet of [...request.sheets.children]) {
    if (sheet.dataset.picture && !kept.includes(sheet.dataset.picture)) sheet.remove();
    else veil(sheet, hidden.includes(sheet.dataset.picture));
  }
  request.state = "posted";
  request.sheets.classList.toggle("many", kept.length > 1);
  if (!kept.length) request.sheets.replaceWith(make("p", "answer", said.removed));
  say(text.split("\n").at(-1));
}

// After a reload or a lost connection the history says what became of everything.
export function showHistory(entries) {
  for (const entry of entries) {
    if (!requests.has(entry.job)) {
      showLine(entry.said);
      showWaiting(entry.job, entry.says);
    }
    if (entry.state === "posted" && entry.pictures.length) showPosted(entry.job, entry.pictures, entry.says);
    if (entry.state === "posted" && !entry.pictures.length) showRevised(entry.job, [], said.removed);
    if (entry.state === "cancelled") showFailed(entry.job, said.cancelled);
    if (entry.state === "failed") showFailed(entry.job, said.failed);
  }
  showEmpty();
}

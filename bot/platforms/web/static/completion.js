// Completes commands, keys and words, also of a plain sentence, while a line is typed; an ARIA combobox.

import { words } from "./server.js";
import { make } from "./wall.js";

const input = document.getElementById("line");
const list = document.getElementById("suggestions");
const MOST = 8;
const PLAIN = ["shape", "style", "color", "scene", "place", "time", "weather"];
const LONGEST = 6; // characters of a word in a script without spaces
let vocabulary = {};
let chosen = -1;

export function startCompletion(known) {
  vocabulary = known;
  input.addEventListener("input", refresh);
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("li");
    event.preventDefault();
    if (item) take(item);
  });
}

function refresh() {
  const head = input.value.slice(0, input.selectionStart);
  const found = suggestions(head).slice(0, MOST);
  chosen = -1;
  list.replaceChildren(...found.map(row));
  list.hidden = found.length === 0;
  input.setAttribute("aria-expanded", String(found.length > 0));
  input.removeAttribute("aria-activedescendant");
}

function row(found, index) {
  const item = make("li");
  item.id = `suggestion-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.insert = found.insert;
  item.dataset.over = found.over;
  item.append(make("span", "", found.text), make("small", "", found.note));
  return item;
}

// What may come at the end of `head`: {insert, over: characters it replaces, text, note}.
function suggestions(head) {
  const command = /^\/(\S*)$/.exec(head);
  if (command) return commandRows(command[1]);
  const value = /([^\s=]+)=([^\s=]*?)([^\s,+=]*)$/.exec(head);
  if (value) return wordRows(kindOf(head, value[1]), value[3]);
  const key = /(?:^|\s)([a-z_]+)$/.exec(head);
  return [...(key ? keyRows(head, key[1]) : []), ...plainRows(head)];
}

// Words of a sentence, by their beginning; without spaces the longest end that begins a word.
function plainRows(head) {
  if (commandOf(head)?.name !== "paint") return [];
  const last = /[\p{L}\p{M}'-]*$/u.exec(head)[0];
  const spaced = !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(last);
  const starts = spaced ? [last] : Array.from({ length: Math.min(LONGEST, last.length) }, (_, at) => last.slice(at - Math.min(LONGEST, last.length)));
  for (const start of starts) {
    const rows = start.length > (spaced ? 1 : 0) ? beginningWith(start) : [];
    if (rows.length) return rows;
  }
  return [];
}

function beginningWith(start) {
  const wanted = plain(start);
  const found = PLAIN.flatMap((kind) => vocabulary[kind] ?? [])
    .map((word) => ({ word, text: [word.label, ...word.terms].find((term) => plain(term).startsWith(wanted)) }))
    .filter(({ text }) => text && plain(text) !== wanted);
  // The word itself goes before longer ones.
  found.sort((one, other) => one.text.length - other.text.length);
  const rows = found.map(({ word, text }) => ({ insert: spaceAfter(text), over: start.length, text, note: text === word.label ? "" : word.label }));
  return rows.filter((row, index) => rows.findIndex((each) => each.text === row.text) === index);
}

function spaceAfter(text) {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u.test(text) ? text : `${text} `;
}

function commandRows(start) {
  return words.commands
    .filter((command) => command.name.startsWith(start))
    .map((command) => ({ insert: `/${command.name} `, over: start.length + 1, text: `/${command.name}`, note: command.summary }));
}

function commandOf(head) {
  const name = /^\/(\S+)/.exec(head)?.[1] ?? "paint";
  return words.commands.find((command) => command.name === name);
}

function keyRows(head, start) {
  const options = commandOf(head)?.options ?? [];
  const keys = options
    .filter((option) => option.name.startsWith(start) && !head.includes(`${option.name}=`))
    .map((option) => ({ insert: `${option.name}=`, over: start.length, text: `${option.name}=`, note: option.summary }));
  return start.length > 1 ? keys : [];
}

function kindOf(head, key) {
  return commandOf(head)?.options.find((option) => option.name === key)?.kind ?? "";
}

function wordRows(kind, start) {
  const wanted = plain(start);
  const ranked = (vocabulary[kind] ?? [])
    .map((word) => ({ word, rank: rank(word, wanted) }))
    .filter((each) => each.rank < 3);
  ranked.sort((one, other) => one.rank - other.rank);
  return ranked.map(({ word }) => ({ insert: `${word.name} `, over: start.length, text: word.name, note: word.label === word.name ? "" : word.label }));
}

// The vocabulary's terms have spaces where names have hyphens.
function plain(text) {
  return text.toLowerCase().replaceAll(/[-_]/g, " ");
}

function rank(word, start) {
  if (plain(word.name).startsWith(start) || word.label.startsWith(start)) return 0;
  if (word.terms.some((term) => term.startsWith(start))) return 1;
  return word.terms.some((term) => term.includes(start)) ? 2 : 3;
}

function take(item) {
  const end = input.selectionStart;
  const before = input.value.slice(0, end - Number(item.dataset.over)) + item.dataset.insert;
  const after = input.value.slice(end);
  input.value = before + after.replace(/^ /, "");
  input.setSelectionRange(before.length, before.length);
  close();
  input.dispatchEvent(new Event("input"));
}

function close() {
  list.hidden = true;
  chosen = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function onKey(event) {
  if (list.hidden) return;
  const items = [...list.children];
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    chosen = (chosen + step + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
    items[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[chosen].id);
  } else if ((event.key === "Enter" && chosen >= 0) || event.key === "Tab") {
    event.preventDefault();
    take(items[Math.max(chosen, 0)]);
  } else if (event.key === "Escape") {
    close();
  }
}

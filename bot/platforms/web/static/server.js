// Talks to the server: reads, writes with the CSRF token, and the stream of events.

const meta = document.querySelector('meta[name="csrf"]');

export const words = JSON.parse(document.getElementById("words")?.textContent ?? "null");

export async function read(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" } });
  // Of status 503 the body is a sentence for people.
  if (response.status === 503) throw new Error(await response.text());
  if (!response.ok) throw new Error(words.said.refused);
  return response.json();
}

export async function write(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", [meta.dataset.header]: meta.content },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

// A key of our own makes a repeated request harmless: the server paints it once.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function listen({ onEvent, onOpen, onLost }) {
  const source = new EventSource("/events");
  source.addEventListener("open", onOpen);
  source.addEventListener("error", onLost);
  source.addEventListener("message", (message) => onEvent(JSON.parse(message.data)));
}

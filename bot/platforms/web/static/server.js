// Talks to the server: reads, writes with the CSRF token, and the stream of events.

export const AGAIN = 3000; // milliseconds until what failed is tried again
const meta = document.querySelector('meta[name="csrf"]');

export const words = JSON.parse(document.querySelector('meta[name="words"]').content);

// No answer came. Whether the server heard it nobody knows: with the same key it may be sent again.
export class Unheard extends Error {}

// Too much was asked at once; it may be sent again after some milliseconds.
export class Busy extends Error {
  constructor(text, milliseconds) {
    super(text);
    this.milliseconds = milliseconds;
  }
}

export function read(path) {
  return answer(path, { headers: { Accept: "application/json" } });
}

export function write(path, body) {
  return answer(path, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", [meta.dataset.header]: meta.content },
    body: JSON.stringify(body),
  });
}

// What is thrown is a sentence for people.
async function answer(path, asked) {
  const response = await fetch(path, asked).catch(unheard);
  if (response.ok) return response.json().catch(unheard);
  throw await refusal(response);
}

function unheard() {
  throw new Unheard(words.said.unheard);
}

async function refusal(response) {
  const { status, headers } = response;
  const isOurs = headers.get("Content-Type")?.startsWith("text/plain");
  // A proxy says so in words of its own when there is no server behind it.
  if (status === 502 || status === 504 || (status === 503 && !isOurs)) return new Unheard(words.said.unheard);
  if (status === 429) return new Busy(await response.text(), 1000 * (Number(headers.get("Retry-After")) || 1));
  if (status === 503) return new Error(await response.text());
  return Object.assign(new Error(status === 403 ? words.said.refused : words.said.wrong), { status });
}

export async function signIn(token) {
  try {
    await write("/admin", { token });
  } catch (error) {
    throw error.status === 403 ? new Error(words.said.adminNo) : error;
  }
}

// A key of our own makes a repeated request harmless: the server paints it once.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function listen({ onEvent, onOpen, onLost }) {
  const source = new EventSource("/events");
  source.addEventListener("open", onOpen);
  source.addEventListener("error", () => {
    onLost();
    // A browser gives up for good when something other than events answers, as a proxy does.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN, { onEvent, onOpen, onLost });
  });
  source.addEventListener("message", (message) => onEvent(JSON.parse(message.data)));
}

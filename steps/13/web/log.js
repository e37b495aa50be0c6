// log.js draws the log, in which everything that happens is an entry.
"use strict";

const element = (id) => document.getElementById(id);
const log = element("log");
let following = true; // the end of the log, unless someone has scrolled up to read

log.addEventListener("scroll", () => {
  following = log.scrollHeight - log.scrollTop - log.clientHeight < 50;
});
new ResizeObserver(() => following && showEnd()).observe(log); // a phone's keyboard takes half of it

function showEnd() {
  log.scrollTop = log.scrollHeight;
}

/**
 * addEntry puts an entry at the end of the log and returns it. Whatever came over the wire is text and nothing but
 * text: textContent, never innerHTML.
 */
function addEntry(kind, who, words, time = new Date()) {
  const entry = make("p", `entry ${kind}`);
  const body = make("span", "body");
  if (who) body.append(make("span", "who", who), " ");
  body.append(make("span", "text", shorten(words)));
  entry.append(makeTime(time), " ", body);

  log.append(entry);
  if (log.childElementCount > 500) log.firstElementChild.remove();
  if (following || kind.startsWith("sent")) showEnd();
  return entry;
}

function makeTime(time) {
  const made = make("time", "", time.toLocaleTimeString("en-GB") + "." + String(time.getMilliseconds()).padStart(3, "0"));
  made.dateTime = time.toISOString();
  made.title = time.toLocaleString("en-GB");
  return made;
}

function make(tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

function shorten(words) {
  const most = 2000;
  return words.length <= most ? words : `${words.slice(0, most)} … (${words.length} characters)`;
}

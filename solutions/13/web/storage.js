// storage.js keeps values in this tab's storage, across a reload.
"use strict";

// load returns what was stored, or null. A browser may deny its storage (where cookies are blocked, for example), and
// what it holds may be broken: then the page begins as if there were nothing.
function load(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

// store keeps a value if it can.
function store(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Denied, or full: the next load returns null, or an older value.
  }
}

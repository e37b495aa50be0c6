"use strict";

class Client {
  constructor(url) {
    this.url = url;
    this.state = "closed";
  }

  connect() {
    // task 1.1: Connect, and note when the connection is open.
    //- return null;
    const socket = new WebSocket(this.url);
    socket.onopen = () => {
      this.state = "open";
    };
    return socket;
    // end task 1.1
  }
}

function parseLine(text) {
  // task 1.2: Take "/msg bob hi" apart.
  //- return null;
  const [, to, rest] = /^\/msg (\S+) (.*)$/.exec(text);
  return { to, rest };
  // end task 1.2
}

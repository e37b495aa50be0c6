// token.js has the token of this tab. It is in no storage: what a script can read there, a hostile one can, too.
"use strict";

// authorization is the header of a request that needs the token.
function authorization() {
  return client.token ? { Authorization: `Bearer ${client.token}` } : {};
}

// A new token for the same client goes to the server at once. Others are for the next connection.
element("token").addEventListener("change", ({ target }) => {
  if (client.state === "open" && target.value.trim()) client.renew(target.value);
});

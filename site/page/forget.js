// Forgetting everything: what is kept in the browser, and with the page itself
// what it held.

/** @param {import("./caller.js").Caller<import("../worker/door.js").Door>} door */
export async function forget(door) {
  await door.ask("forget", undefined);
  location.hash = "forgotten"; // which the page says once it is loaded anew
  location.reload();
}

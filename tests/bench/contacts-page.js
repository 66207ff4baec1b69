// tests/bench/contacts.js in a page; see contacts.mjs.

import { loadContacts } from "/wasm/js/contacts.js";
import { load } from "/wasm/js/index.js";
import { measure } from "./contacts.js";

const script = document.createElement("script");
script.src = "/node_modules/libphonenumber-js/bundle/libphonenumber-max.js";
script.onload = async () => {
  const begin = performance.now();
  const [sealbook, contacts] = await Promise.all([load(), loadContacts()]);
  const loaded = performance.now() - begin;
  const results = await measure(contacts, sealbook, /** @type {any} */ (globalThis).libphonenumber);
  console.log(`results ${JSON.stringify({ loaded, results })}`);
};
document.head.append(script);

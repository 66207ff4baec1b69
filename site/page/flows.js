// Who received what: contacts on the left, hosts on the right, a band between.

import { find, make } from "./dom.js";
import { t } from "./language.js";

/** @typedef {import("../worker/report.js").Flow} Flow */

const MOST = 40;
const ROWS = 200;

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...(Node | string)} content */
function svg(tag, attributes, ...content) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...content);
  return element;
}

/** @param {readonly Flow[]} flows */
export function drawFlows(flows) {
  find("flows", HTMLElement).hidden = flows.length === 0;
  const unknown = t("audit.host.none");
  find("flows-picture", HTMLDivElement).replaceChildren(...(flows.length === 0 ? [] : [picture(flows.slice(0, MOST), unknown)]));
  const rest = find("flows-rest", HTMLParagraphElement);
  rest.hidden = flows.length <= MOST;
  rest.textContent = t("audit.flows.rest", { n: MOST, of: flows.length, rows: ROWS });
  find("flows-rows", HTMLTableSectionElement).replaceChildren(...flows.slice(0, ROWS).map(({ contact, host, certain, likely, possible }) => make("tr", {},
    make("td", {}, make("bdi", {}, contact)), make("td", { class: "host" }, hostName(host)),
    make("td", { class: "number" }, String(certain)), make("td", { class: "number" }, String(likely)), make("td", { class: "number" }, String(possible)))));
}

/** @param {readonly Flow[]} flows @param {string} unknown */
function picture(flows, unknown) {
  const contacts = [...new Set(flows.map(({ contact }) => contact))];
  const hosts = [...new Set(flows.map(({ host }) => host))];
  const height = 30 * Math.max(contacts.length, hosts.length) + 20;
  const y = (/** @type {number} */ i, /** @type {number} */ n) => 10 + (2 * i + 1) * (height - 20) / (2 * n);
  const cut = (/** @type {string} */ text) => ([...text].length > 30 ? [...text].slice(0, 30).join("") + "…" : text);
  return svg("svg", { class: "flow", viewBox: `0 0 760 ${height}`, role: "img", "aria-label": t("audit.flows.picture") },
    ...flows.map(({ contact, host, certain, likely }) => {
      const [a, z] = [y(contacts.indexOf(contact), contacts.length), y(hosts.indexOf(host), hosts.length)];
      return svg("path", { class: certain + likely > 0 ? "sure" : "maybe", "stroke-width": Math.min(2 + certain + likely, 14), d: `M260 ${a} C380 ${a} 380 ${z} 500 ${z}` });
    }),
    ...contacts.map((contact, i) => svg("text", { x: 250, y: y(i, contacts.length) + 5, "text-anchor": "end" }, cut(contact))),
    ...hosts.map((host, i) => svg("text", { x: 510, y: y(i, hosts.length) + 5 }, cut(host || unknown))));
}

/** A host's name, to be broken between its labels alone. @param {string} host "" for unknown */
export function hostName(host) {
  return make("bdi", {}, ...(host || t("audit.host.none")).split(/(?<=\.)/).flatMap((label) => [label, make("wbr")]));
}

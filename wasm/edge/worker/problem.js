// Problem documents that are answered without Go, as package edge words them.

/** @param {number} status @param {string} code @param {string} title @param {string} detail @param {string} [fields] */
export function problem(status, code, title, detail, fields = "") {
  const body = new TextEncoder().encode(JSON.stringify({ type: "about:blank", title, status, code, detail }));
  return {
    status,
    fields: "x-content-type-options:nosniff\n" +
      `cache-control:no-store\ncontent-type:application/problem+json\ncontent-length:${body.length}\n${fields}`,
    body,
    panicked: false,
  };
}

/** Makes the response. @param {Outgoing} answer */
export function respond({ status, fields, body }) {
  const headers = new Headers();
  for (const line of fields.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1));
  }
  return new Response(body, { status, headers });
}

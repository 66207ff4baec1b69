// What no file of the site answers: the start page, whose path has no name of
// a file, paths without a file, and other methods. The same answers as those of
// package site.

/**
 * @param {Request} request
 * @param {Env} env
 */
export async function page(request, env) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response("METHOD_NOT_ALLOWED\n", { status: 405, headers: { Allow: "GET, HEAD", "X-Content-Type-Options": "nosniff" } });
  }
  const url = new URL(request.url);
  const missing = url.pathname !== "/";
  // The name of the file, so that its own header fields come with it.
  const found = await env.ASSETS.fetch(new Request(new URL(missing ? "/404.html" : "/index.html", url), request));
  if (!missing || found.status !== 200) return found;
  const headers = new Headers(found.headers);
  headers.delete("ETag");
  return new Response(found.body, { status: 404, headers });
}

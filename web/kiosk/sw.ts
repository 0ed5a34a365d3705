/// <reference lib="webworker" />
export {};

/**
 * Keeps the built page on the device, so that the kiosk comes up without the server. Nothing that the server says about a school
 * or a child passes through here: requests below /kiosk/ go their own way.
 */
declare const self: ServiceWorkerGlobalScope;

/** Filled in by the build: the files of this version, and its name. */
declare const __FILES__: string[];
declare const __VERSION__: string;

const PREFIX = "carrel-kiosk-";
const CACHE = PREFIX + __VERSION__;

self.addEventListener("install", (event) => {
  const fresh = __FILES__.map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(removeOld());
});

/** The page says when it may be replaced: never while a child stands there. */
self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === "/" || url.pathname === "/index.html") event.respondWith(kept("/", request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(kept(url.pathname, request));
});

/** A file from the cache, else from the server; parts that are loaded later, as the camera's, are kept from then on. */
async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const found = await cache.match(path, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && path !== "/") await cache.put(path, answer.clone());
  return answer;
}

async function removeOld(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Where the build puts the service worker; it answers for the whole page. */
const WORKER = "/assets/sw.js";

/**
 * Keeps the page on the device, and takes a new version of it only when told that nobody stands here. Returns the function to
 * call now and then. Without TLS, browsers have no service workers: then the page needs the server to start.
 */
export function keepUpToDate(mayReload: () => boolean): () => void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return () => {};
  const workers = navigator.serviceWorker;
  let current: ServiceWorkerRegistration | undefined;
  let stale = false;
  const controlled = workers.controller !== null;

  function settle() {
    if (!mayReload()) return;
    if (stale) location.reload();
    else current?.waiting?.postMessage("take over");
  }

  workers.addEventListener("controllerchange", () => {
    stale = controlled;
    settle();
  });
  workers.register(WORKER, { scope: "/", updateViaCache: "none" }).then(
    (registration) => (current = registration),
    (error) => console.warn(error),
  );
  return () => {
    settle();
    current?.update().catch(() => {}); // the server is away, or has no newer page
  };
}

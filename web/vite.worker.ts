import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** The camera's part is large and seldom used: it is kept once it was. */
const LATER = /\/camera-|\.wasm$/;

/** Tells the service worker, which is built as assets/sw.js, the files of the page and the name of their version. */
export function worker(): Plugin {
  return {
    name: "carrel-worker",
    enforce: "post",
    generateBundle(_options, bundle) {
      const script = Object.values(bundle).find((file) => file.fileName === "assets/sw.js");
      if (script?.type !== "chunk") throw new Error("there is no service worker in the bundle");
      const files = Object.values(bundle).filter((file) => file !== script && file.fileName !== "index.html");
      const version = createHash("sha256");
      for (const file of Object.values(bundle)) version.update(file.fileName).update(file.type === "chunk" ? file.code : file.source);
      const kept = ["/", ...files.map((file) => `/${file.fileName}`).filter((path) => !LATER.test(path))];
      script.code = script.code
        .replace(/\b__FILES__\b/, () => JSON.stringify(kept))
        .replace(/\b__VERSION__\b/, () => JSON.stringify(version.digest("hex").slice(0, 16)));
    },
  };
}

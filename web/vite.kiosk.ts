import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vite";
import { app } from "./vite.app.ts";
import { worker } from "./vite.worker.ts";

const file = (name: string) => fileURLToPath(new URL(`kiosk/${name}`, import.meta.url));

export default defineConfig(
  mergeConfig(app("kiosk", "/", "http://127.0.0.1:8091"), {
    plugins: [worker()],
    build: {
      rollupOptions: {
        input: { index: file("index.html"), sw: file("sw.ts") },
        output: { entryFileNames: (chunk: { name: string }) => (chunk.name === "sw" ? "assets/sw.js" : "assets/[name]-[hash].js") },
      },
    },
  }),
);

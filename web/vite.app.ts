import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import type { UserConfig } from "vite";

/**
 * What the apps share. The pages are served under a Content-Security-Policy without inline script
 * or style and without data: fonts, so nothing may be inlined. The output folder is emptied; the
 * notice beside it in pb_public is not.
 */
export function app(name: "catalog" | "check" | "kiosk" | "staff", base: string, door: string): UserConfig {
  return {
    root: fileURLToPath(new URL(name, import.meta.url)),
    base,
    plugins: [svelte()],
    build: {
      outDir: fileURLToPath(new URL(`../pb_public/${name}`, import.meta.url)),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: "es2022",
    },
    server: { fs: { allow: [fileURLToPath(new URL(".", import.meta.url))] }, proxy: { "/api": door, "/kiosk/": door, "^/check/(open|seat|answers)$": door } },
  };
}

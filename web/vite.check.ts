import { defineConfig } from "vite";
import { app } from "./vite.app.ts";

export default defineConfig(app("check", "/check/", "http://127.0.0.1:8091"));

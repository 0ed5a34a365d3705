import { defineConfig } from "vite";
import { app } from "./vite.app.ts";

export default defineConfig(app("staff", "/staff/", "http://127.0.0.1:8090"));

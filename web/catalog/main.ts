import { mount } from "svelte";
import "../shared/styles/fonts.css";
import "../shared/styles/tokens.css";
import "../shared/styles/components.css";
import "./catalog.css";
import { theme } from "../shared/theme.svelte";
import App from "./App.svelte";
import { language } from "./language";

theme.start();
language.start();
mount(App, { target: document.body });

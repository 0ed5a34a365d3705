import { mount } from "svelte";
import "../shared/styles/fonts.css";
import "../shared/styles/tokens.css";
import "../shared/styles/components.css";
import "./check.css";
import { theme } from "../shared/theme.svelte";
import App from "./App.svelte";

theme.start();
mount(App, { target: document.body });

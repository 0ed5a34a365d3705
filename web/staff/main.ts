import { mount } from "svelte";
import "../shared/styles/fonts.css";
import "../shared/styles/tokens.css";
import "../shared/styles/components.css";
import "./staff.css";
import { locale } from "../shared/locale.svelte";
import { theme } from "../shared/theme.svelte";
import App from "./frame/App.svelte";
import { LANGUAGE } from "./account.svelte";
import "./sounds.svelte";

theme.start();
locale.set(localStorage.getItem(LANGUAGE) ?? navigator.language);
mount(App, { target: document.body });

import { render } from "preact";
import { live } from "./state/live.ts";
import { App } from "./views/app.tsx";
import "./page.css";

const page = document.getElementById("page");
if (page) {
  page.replaceChildren();
  render(<App />, page);
  live.start();
}

import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/frame.css";

import { render } from "preact";

import { App } from "./app.tsx";
import { keepAskingWho } from "./data/me.ts";
import { startClock } from "./data/now.ts";

const root = document.querySelector("#root");
if (root === null) throw new Error("the page has no place for the console");
startClock();
keepAskingWho();
render(<App />, root);

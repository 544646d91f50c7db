import { render } from "./shell/shell.mjs";
export default { render };

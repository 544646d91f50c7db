import { render } from "./film/viewer.mjs";
export default { render };

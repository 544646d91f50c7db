import { render } from "./ecg/viewer.mjs";
export default { render };

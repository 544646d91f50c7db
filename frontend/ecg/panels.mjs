/** The panels beside the paper, in the order in which they are mounted: `mount(host) → close`, see host.mjs. */

import { comparison } from "./beat/compare.mjs";
import { beatPanel } from "./beat/panel.mjs";
import { pointing } from "./pointing.mjs";
import { printing } from "./printing.mjs";

export const PANELS = [beatPanel, comparison, pointing, printing];

/** The panels beside the paper, in the order in which they are mounted: `mount(host) → close`, see host.mjs. */

export const PANELS = [];

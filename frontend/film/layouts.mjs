/** How many films lie beside each other. Pure. */

const LAYOUTS = [
  { name: "1x1", across: 1, down: 1, panes: 1 },
  { name: "1x2", across: 2, down: 1, panes: 2 },
  { name: "2x2", across: 2, down: 2, panes: 4 },
];
export const NAMES = LAYOUTS.map(({ name }) => name);

/** The layout of a name; one film where the name says nothing. */
export const layoutOf = (name) => LAYOUTS.find((one) => one.name === name) ?? LAYOUTS[0];

/** The smallest one that holds so many films. */
export const layoutFor = (films) => LAYOUTS.find(({ panes }) => panes >= films) ?? LAYOUTS.at(-1);

/** The next one, the last one's next is the first. */
export const nextLayout = (name) => LAYOUTS[(LAYOUTS.indexOf(layoutOf(name)) + 1) % LAYOUTS.length].name;

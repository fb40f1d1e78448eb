/** The report's colours, for pictures that stand alone: an SVG in a page of Markdown sees no style sheet but its own. */
export const LIGHT = {
  paper: '#ffffff',
  card: '#ffffff',
  frame: '#f6f5f2',
  ink: '#1c1b22',
  soft: '#5d5b68',
  rule: '#d9d6cf',
  main: '#5b47d6',
  second: '#b85c0c',
  axis: '#8b8896',
  fact: '#ece9fb',
} as const;

export const DARK: Record<keyof typeof LIGHT, string> = {
  paper: '#16151c',
  card: '#24222d',
  frame: '#1b1a22',
  ink: '#f0eff5',
  soft: '#b4b1c2',
  rule: '#3d3a4a',
  main: '#9d8dff',
  second: '#f0a04b',
  axis: '#86839a',
  fact: '#2c2650',
};

const variables = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** The colours as variables, by what the reader prefers. */
export const COLOURS = `:root{${variables(LIGHT)}}@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}`;

/** Fonts that a machine has: a picture may load none. */
export const SANS =
  'ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Open Sans","Noto Sans","Liberation Sans",Arial,sans-serif';
export const MONO = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace';

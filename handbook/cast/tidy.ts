import type { Cast, Output } from './record';

/** What stands in a recording for a folder of this machine. */
export type Names = Readonly<Record<string, string>>;

/** Seconds that nothing may last: longer waits are shortened to it. */
export const LONGEST_WAIT = 0.7;

/** A recording without waits and without folders of the machine that it was made on. */
export function tidied(cast: Cast, names: Names): Cast {
  return { ...cast, outputs: shortened(renamed(cast.outputs, names)) };
}

function shortened(outputs: readonly Output[]): readonly Output[] {
  let now = 0;
  let before = 0;
  return outputs.map(({ at, text }) => {
    now += Math.min(at - before, LONGEST_WAIT);
    before = at;
    return { at: now, text };
  });
}

/** A name may be cut in two by the end of an output: what could go on as one waits for the next. */
function renamed(outputs: readonly Output[], names: Names): readonly Output[] {
  // The longest first: a folder inside of another has a name of its own.
  const folders = Object.keys(names).sort((a, b) => b.length - a.length);
  const replace = (text: string) =>
    folders.reduce((told, folder) => told.replaceAll(folder, names[folder] ?? folder), text);
  let waiting = '';
  const done = outputs.map(({ at, text }) => {
    const whole = waiting + text;
    const cut = whole.length - begunName(whole, folders);
    waiting = whole.slice(cut);
    return { at, text: replace(whole.slice(0, cut)) };
  });
  return [...done, { at: outputs.at(-1)?.at ?? 0, text: replace(waiting) }].filter(({ text }) => text !== '');
}

/** How many letters at the end could be the beginning of a name. */
function begunName(text: string, folders: readonly string[]): number {
  const longest = Math.max(0, ...folders.map(({ length }) => length));
  for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (folders.some((folder) => folder.startsWith(end))) return length;
  }
  return 0;
}

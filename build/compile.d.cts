/** Compiles a TypeScript program of this checkout, given as a path from the root, when its sources have changed since. */
export function compile(entry: string): Promise<string>;

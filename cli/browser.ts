/** What decides whether a browser can be opened for somebody. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Somebody sits at a terminal. */
  readonly interactive: boolean;
}

/** Why no browser can be opened here, in a few words; undefined where one can. */
export function noBrowser({ variables, platform, interactive }: Surroundings): string | undefined {
  const set = (name: string) => variables[name] !== undefined && variables[name] !== '';
  if (set('CI') && variables.CI !== 'false') return 'this is a CI job';
  if (!interactive) return 'there is no terminal';
  const display = set('DISPLAY') || set('WAYLAND_DISPLAY');
  if (platform === 'linux' && !display && !set('WSL_DISTRO_NAME')) return 'there is no display';
  if ((set('SSH_CONNECTION') || set('SSH_TTY')) && !display) return 'this terminal is of another machine';
  return undefined;
}

/** The surroundings of this process. */
export function ownSurroundings(): Surroundings {
  return { variables: process.env, platform: process.platform, interactive: process.stdout.isTTY === true };
}

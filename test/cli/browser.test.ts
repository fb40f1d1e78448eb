import { noBrowser, type Surroundings } from '../../cli/browser';

const desk: Surroundings = { variables: { DISPLAY: ':0' }, platform: 'linux', interactive: true };

describe('a browser', () => {
  it.each<[string, Surroundings]>([
    ['a desk with a display', desk],
    ['a desk with Wayland', { ...desk, variables: { WAYLAND_DISPLAY: 'wayland-0' } }],
    ['a Mac', { ...desk, platform: 'darwin', variables: {} }],
    ['Windows', { ...desk, platform: 'win32', variables: {} }],
    ['the Linux inside Windows', { ...desk, variables: { WSL_DISTRO_NAME: 'Ubuntu' } }],
    ['a display that is passed on by ssh', { ...desk, variables: { DISPLAY: 'localhost:10', SSH_TTY: '/dev/pts/1' } }],
  ])('is opened at %s', (_where, surroundings) => {
    expect(noBrowser(surroundings)).toBeUndefined();
  });

  it.each<[string, Surroundings]>([
    ['this is a CI job', { ...desk, variables: { ...desk.variables, CI: 'true' } }],
    ['there is no terminal', { ...desk, interactive: false }],
    ['there is no display', { ...desk, variables: { DISPLAY: '' } }],
    ['this terminal is of another machine', { ...desk, platform: 'darwin', variables: { SSH_CONNECTION: '1' } }],
  ])('is not opened where %s', (why, surroundings) => {
    expect(noBrowser(surroundings)).toBe(why);
  });
});

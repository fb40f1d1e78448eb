const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * The longest stories first, as far as it can be told by their folders: Jest knows how long a file takes only where it
 * has run before, and would begin with the largest files. A long one that begins last leaves a processor idle.
 */
const LONG = ['/test/e2e/', '/test/sweep/', '/test/simulation/', '/test/sql/', '/test/acceptance/'];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = LONG.findIndex((folder) => path.replaceAll('\\', '/').includes(folder));
      return found < 0 ? LONG.length : found;
    };
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
};

const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Begins with what takes longest, so that it does not run alone at the end: the tests that type commands in a clone
 * of this repository.
 */
module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    const isLong = ({ path }) => path.includes('/apps/e2e/');
    const sorted = await super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};

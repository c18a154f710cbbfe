const { readFileSync } = require('node:fs');
const { relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes a minute or more, longest first: for a machine on which nothing has run yet. */
const longest = [
  '/apps/e2e/',
  '/generators/ci/pipelines.real',
  '/kubernetes/contract.real',
  '/apps/gateway/src/nginx.real',
  '/apps/gateway/src/conformance.real',
  '/docker/docker.real',
  '/kubernetes/kubernetes.real',
  '/image/tags.real',
  '/berth/src/workspace.nx',
];

/**
 * Begins with what takes longest, so that it does not run alone at the end. How long each spec took last is in the file
 * that BERTH_SPEC_TIMES names, by its path in the workspace; `npm test` keeps it. Of a fresh clone Jest itself knows no
 * times, and takes files by their size.
 */
module.exports = class LongestFirst extends Sequencer {
  #times = timesOf(process.env.BERTH_SPEC_TIMES);

  time(test) {
    return this.#times[relative(test.context.config.rootDir, test.path)] ?? super.time(test);
  }

  async sort(tests) {
    // What has no time comes first.
    const sorted = await super.sort(tests);
    if (Object.keys(this.#times).length > 0) return sorted;
    const rank = ({ path }) => {
      const index = longest.findIndex((part) => path.includes(part));
      return index < 0 ? longest.length : index;
    };
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
};

/** None where the file is missing or damaged: the order is all that depends on it. */
function timesOf(file) {
  if (!file) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) ?? {};
  } catch {
    return {};
  }
}

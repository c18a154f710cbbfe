const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes a minute or more, longest first. Of a fresh clone Jest knows no times, and takes files by their size. */
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

/** Begins with what takes longest, so that it does not run alone at the end. */
module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    const rank = ({ path }) => {
      const index = longest.findIndex((part) => path.includes(part));
      return index < 0 ? longest.length : index;
    };
    return (await super.sort(tests)).sort((one, other) => rank(one) - rank(other));
  }
};

const { readdirSync, existsSync } = require('node:fs');

/** Every project that has a Jest configuration; `npm test` leaves some out by name. */
const folders = ['libs', 'tools', 'apps', 'docker'].filter((folder) => existsSync(`${__dirname}/${folder}`));
const projects = folders
  .flatMap((folder) =>
    readdirSync(`${__dirname}/${folder}`).map((name) => `${folder}/${name}/jest.config.cjs`),
  )
  .concat('bench/jest.config.cjs')
  .filter((path) => existsSync(`${__dirname}/${path}`));

module.exports = {
  projects: projects.map((path) => `<rootDir>/${path}`),
  testSequencer: '<rootDir>/jest.sequencer.cjs',
};

/** All projects' tests at once. As one project of Jest, which compiles each file once, and not once a project. */
module.exports = {
  ...require('./jest.preset.cjs'),
  roots: ['apps', 'bench', 'docker', 'libs', 'tools'].map((folder) => `<rootDir>/${folder}`),
  modulePathIgnorePatterns: ['<rootDir>/[^/]+/[^/]+/(dist|tmp)/'],
  testSequencer: '<rootDir>/jest.sequencer.cjs',
};

const compiler = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true, decorators: true },
      transform: { react: { runtime: 'automatic' } },
    },
    module: { type: 'commonjs' },
  },
];

/** What every project's Jest configuration starts from. */
module.exports = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(m|c)?tsx?$': compiler,
    // fastify's `inject` loads cookie 2, an ES module, which Jest on Node 20 cannot require.
    '/node_modules/cookie/.+\\.js$': compiler,
  },
  transformIgnorePatterns: ['/node_modules/(?!cookie/)'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'json'],
  // Tests against real parts need the local cluster; `npm test` runs them in a stage of their own.
  testMatch: process.env.BERTH_REAL_PARTS ? ['<rootDir>/**/*.real.spec.ts'] : ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    ...(process.env.BERTH_REAL_PARTS ? [] : ['\\.real\\.spec\\.ts$']),
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/tmp'],
};

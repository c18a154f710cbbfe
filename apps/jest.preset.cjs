const preset = require('../jest.preset.cjs');
const [[, compiler]] = Object.entries(preset.transform);

/** For what serves with fastify: its `inject` loads cookie 2, an ES module, which Jest on Node 20 cannot require. */
module.exports = {
  ...preset,
  transform: { ...preset.transform, '/node_modules/cookie/.+\\.js$': compiler },
  transformIgnorePatterns: ['/node_modules/(?!cookie/)'],
};

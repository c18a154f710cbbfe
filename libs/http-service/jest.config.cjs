module.exports = { ...require('../../apps/jest.preset.cjs'), displayName: 'http-service' };

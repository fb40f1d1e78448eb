/** The slow proofs: the real CDK CLI in several accounts, both kinds of warehouse, promotion, deliveries, deploys that fail, nights in random order. `npm run acceptance`. */
const base = require('./jest.config.js');

module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/acceptance/**/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/node_modules/'],
  testTimeout: 300_000,
};

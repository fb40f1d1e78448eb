const { availableParallelism } = require('node:os');

/** Jest runs TypeScript through swc: TypeScript 7 has no compiler API for ts-jest. */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  testPathIgnorePatterns: ['<rootDir>/node_modules/', '<rootDir>/test/acceptance/'],
  modulePathIgnorePatterns: ['<rootDir>/.sparkify', '<rootDir>/cdk.out', '<rootDir>/dist'],
  testTimeout: 120_000,
  testSequencer: '<rootDir>/jest.sequencer.cjs',
  // Jest leaves a processor free: with two of them one test file would run after the other. A third costs more than it
  // gives: the processes of its tests stand in each other's way.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};

#!/usr/bin/env node
/** `npx sparkify ...`, and after `npm link` a plain `sparkify ...`: the same as `npm run -s sparkify -- ...`. */
process.argv.splice(2, 0, 'sparkify');
await import('./bootstrap.mjs');

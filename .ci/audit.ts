/** `npm audit` at high level: fails on what .ci/advisories.ts does not explain, and says so when nobody could be asked. */
import { spawnSync } from 'node:child_process';
import { EXPLANATIONS } from './advisories';
import { judgeAudit } from './judge-audit';

const { stdout, error } = spawnSync('npm', ['audit', '--json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
if (error !== undefined) throw error;
const { passes, lines } = judgeAudit(stdout, EXPLANATIONS, new Date().toISOString().slice(0, 10));
for (const line of lines) console.log(line);
process.exitCode = passes ? 0 : 1;

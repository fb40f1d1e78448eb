import { outColours as pc } from '../colours';
import type { Area, Finding, Verdict } from './finding';

const MARKS: Readonly<Record<Verdict, string>> = {
  ok: pc.green('✓'),
  warn: pc.yellow('!'),
  fail: pc.red('✗'),
  skipped: pc.dim('-'),
};

/** The findings for people: an area's name, then a line each, with the command that mends it below. */
export function describeFindings(found: readonly Finding[], titles: Readonly<Record<Area, string>>): string {
  const width = Math.max(...found.map(({ check }) => check.length));
  const lines: string[] = [];
  let area: Area | undefined;
  for (const finding of found) {
    if (finding.area !== area) lines.push(pc.bold(titles[finding.area]));
    area = finding.area;
    lines.push(`${MARKS[finding.verdict]} ${finding.check.padEnd(width)}  ${finding.found}`);
    if (finding.mend !== undefined) lines.push(`  ${' '.repeat(width)}  ${pc.cyan(`→ ${finding.mend}`)}`);
  }
  return [...lines, '', verdictLine(found)].join('\n');
}

function verdictLine(found: readonly Finding[]): string {
  const count = (verdict: Verdict) => found.filter((finding) => finding.verdict === verdict).length;
  const wrong = count('fail');
  const doubtful = count('warn');
  if (wrong > 0) return pc.red(`${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong: begin with the first ✗.`);
  if (doubtful > 0) return pc.yellow(`Nothing is wrong; ${doubtful} worth a look.`);
  return pc.green('All is well.');
}

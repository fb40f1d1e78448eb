/**
 * `npm run bench`: how much dearer is the whole product (COPY with its checks, ledger, star, data checks, through the
 * local Data API) than the same star written by hand in DuckDB SQL? Both run here and now, one after the other.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { render } from '../cli/output';
import { generateBucket } from '../dataset/generate';
import type { Measured } from './measured';
import { measureOurs } from './ours';

/** The limits that the load is held to. */
const LIMITS = { cpuRatio: 1.5, maxRssBytes: 2_000_000_000 };
const ROOT = join(__dirname, '..');
const WORK = join(ROOT, '.sparkify-bench');

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${args[0]} ended with ${code}`))));
  });
}

async function measurePeer(bucket: string): Promise<Measured> {
  return JSON.parse(await run([join('bench', 'peer.ts'), bucket, join(WORK, 'peer.duckdb')])) as Measured;
}

function differences(ours: Measured, peer: Measured): readonly string[] {
  return Object.keys(peer.counts)
    .filter((table) => ours.counts[table] !== peer.counts[table])
    .map((table) => `${table}: ours ${ours.counts[table]}, peer ${peer.counts[table]}`);
}

function report(ours: Measured, peer: Measured, events: number): void {
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);
  const gigabytes = (value: number) => (value / 1e9).toFixed(2);
  const columns = ['', 'CPU s', 'wall s', 'peak memory GB'].map((name, index) => ({ name, numeric: index > 0 }));
  const row = (name: string, m: Measured) => [
    name,
    seconds(m.cpuMilliseconds),
    seconds(m.wallMilliseconds),
    gigabytes(m.maxRssBytes),
  ];
  console.log(`\n${events.toLocaleString('en-US')} events, loaded and made into the star:`);
  console.log(
    render({ columns, rows: [row('sparkify, one full refresh', ours), row('hand-written DuckDB SQL', peer)] }, 'table'),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '5000000' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(
      'npm run bench -- [--events 5000000] [--keep]\nCompares a load with the same star in hand-written DuckDB SQL.',
    );
    return;
  }
  const events = Number(values.events);
  if (existsSync(WORK)) rmSync(WORK, { recursive: true });
  const bucket = join(WORK, 'bucket');
  mkdirSync(bucket, { recursive: true });
  try {
    console.error(`Generating ${events.toLocaleString('en-US')} events ...`);
    await generateBucket({
      folder: bucket,
      seed: 1,
      songs: 15_000,
      events,
      users: Math.max(97, Math.round(events / 80)),
      days: 30,
    });
    console.error('Hand-written SQL ...');
    const peer = await measurePeer(bucket);
    console.error('Sparkify ...');
    const ours = await measureOurs(bucket, WORK);
    report(ours, peer, events);
    const ratio = ours.cpuMilliseconds / peer.cpuMilliseconds;
    const broken = [
      ...differences(ours, peer).map((difference) => `The two stars differ: ${difference}`),
      ...(ratio > LIMITS.cpuRatio
        ? [`CPU is ${ratio.toFixed(2)} times the peer's; the limit is ${LIMITS.cpuRatio}.`]
        : []),
      ...(ours.maxRssBytes > LIMITS.maxRssBytes ? [`Peak memory is over ${LIMITS.maxRssBytes} bytes.`] : []),
    ];
    console.log(
      `CPU ratio ${ratio.toFixed(2)} (limit ${LIMITS.cpuRatio}); both stars have the same counts: ${differences(ours, peer).length === 0}`,
    );
    for (const line of broken) console.error(line);
    if (broken.length > 0) process.exitCode = 1;
  } finally {
    if (!values.keep) rmSync(WORK, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

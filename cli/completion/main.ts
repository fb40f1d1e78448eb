/**
 * What the shells ask at each Tab: `main.ts complete -- WORD ...`. A process of its own, apart from the commands, for it
 * has to be quick. Answers a line a word, `VALUE<tab>DESCRIPTION`, and at last `:DIRECTIVE` as cobra's scripts know it.
 */
import { sparkifyHome } from '../home';
import { program } from '../program/program';
import { knownRuns } from './known-runs';
import { suggest } from './suggest';

const FILES = 0;
const NO_FILES = 4;

const asked = process.argv.slice(process.argv.indexOf('--') + 1);
const { words, files } = suggest(program(), asked, { runs: (environment) => knownRuns(sparkifyHome(), environment) });
const lines = words.map(({ value, description }) => `${value}\t${description}`);
process.stdout.write(`${[...lines, `:${files ? FILES : NO_FILES}`].join('\n')}\n`);

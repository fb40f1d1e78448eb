/**
 * The rules of an environment's file for other programs, so that they need none of their own. Each line on standard
 * input is a question, `{"environment": "dev", "text": "account: ..."}`; each is answered by a line of JSON: a Judgement.
 */
import { createInterface } from 'node:readline';
import { judgeEnvironment } from '../lib/config/judge';

interface Question {
  readonly environment: string;
  readonly text: string;
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { environment, text } = JSON.parse(line) as Question;
    process.stdout.write(`${JSON.stringify(judgeEnvironment(environment, text))}\n`);
  }
}

void main();

/**
 * The screenshot of the README: the beginning of a report, as a file. Its arguments are the report and the picture:
 * node --import tsx test/support/browser/picture.ts .sparkify/report.html docs/report.png
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Browser } from './browser';

const WIDTH = 1200;
const HEIGHT = 1000;

async function main(report: string, picture: string): Promise<void> {
  const browser = await Browser.start();
  try {
    const page = await browser.page();
    await page.look(WIDTH);
    await page.open(pathToFileURL(resolve(report)).href);
    writeFileSync(picture, await page.picture({ x: 0, y: 0, width: WIDTH, height: HEIGHT }));
  } finally {
    await browser.close();
  }
}

const [report, picture] = process.argv.slice(2);
if (report === undefined || picture === undefined) throw new Error('usage: picture.ts REPORT PICTURE');
main(report, picture).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

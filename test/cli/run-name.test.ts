import { freshRunName } from '../../cli/run-name';
import { readEvent } from '../../lambda/events';

it("A run's name is another one for each that asks at the same moment, and one that the function takes", () => {
  const now = new Date('2018-11-05T02:00:00.123Z');
  const names = Array.from({ length: 50 }, () => freshRunName('manual', now));
  expect(new Set(names).size).toBe(50);
  expect(names[0]).toMatch(/^manual-20181105t020000-[0-9a-f]{6}$/);
  expect(readEvent({ trigger: 'operator', run: names[0] }).runId).toBe(`operator-${names[0]}`);
});

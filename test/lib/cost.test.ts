import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { selectEnvironments } from '../../lib/config';

const COST = readFileSync(join(__dirname, '..', '..', 'docs', 'cost.md'), 'utf8');
const REST = Number(/\| \*\*together\*\* \| \*\*([\d.]+)\*\* \|/.exec(COST)?.[1]);
/** `| environment | warehouse | factors = result | with the rest | budget |` */
const ROW = /^\| (\w+) \| (\d+) (ra3\.\w+), .* \| ([\d.× h]+) = ([\d.]+) \| ([\d.]+) \| (\d+) \|$/gm;
const rows = [...COST.matchAll(ROW)].map(([, name, nodes, nodeType, factors = '', product, total, budget]) => ({
  name,
  nodes: Number(nodes),
  nodeType,
  factors: factors.split('×').map((factor) => Number.parseFloat(factor)),
  product: Number(product),
  total: Number(total),
  budget: Number(budget),
}));

describe('docs/cost.md', () => {
  it('reckons every environment on AWS, as it is configured', () => {
    expect(rows.map(({ name }) => name)).toEqual(['dev', 'staging', 'prod']);
    for (const { name, nodes, nodeType, budget } of rows) {
      const [config] = selectEnvironments({ env: name });
      expect(config?.warehouse).toMatchObject({ kind: 'provisioned', nodeType, numberOfNodes: nodes });
      expect(config?.budgetUsd).toBe(budget);
    }
  });

  it('reckons rightly, with the prices it names, and within the budget', () => {
    for (const { nodeType, factors, product, total, budget } of rows) {
      const price = Number(new RegExp(`^\\| ${nodeType} \\| ([\\d.]+) an hour`, 'm').exec(COST)?.[1]);
      expect(factors).toContain(price);
      expect(factors.reduce((one, other) => one * other, 1)).toBeCloseTo(product, 2);
      expect(product + REST).toBeCloseTo(total, 2);
      expect(total).toBeLessThan(budget);
      expect(total).toBeGreaterThan(budget * 0.75);
    }
  });
});

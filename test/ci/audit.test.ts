import { judgeAudit } from '../../.ci/judge-audit';

const TODAY = '2026-11-28';

/** A report as npm 11 writes it. */
function report(severity: string): string {
  return JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: {
      braces: {
        name: 'braces',
        severity,
        isDirect: false,
        via: [
          {
            source: 1098094,
            name: 'braces',
            dependency: 'braces',
            title: 'Uncontrolled resource consumption in braces',
            url: 'https://github.com/advisories/GHSA-grv7-fg5c-xmjg',
            severity,
            range: '<3.0.3',
          },
        ],
        effects: ['micromatch'],
        range: '<3.0.3',
        nodes: ['node_modules/braces'],
        fixAvailable: true,
      },
      micromatch: {
        name: 'micromatch',
        severity,
        via: ['braces'],
        effects: [],
        range: '<4',
        nodes: [],
        fixAvailable: true,
      },
    },
  });
}

const explanation = (until: string) => ({ id: 'GHSA-grv7-fg5c-xmjg', reason: 'Patterns are ours.', until });

describe('npm audit in CI', () => {
  it.each(['high', 'critical'])('fails on an advisory of %s severity, once, and names it', (severity) => {
    const { passes, lines } = judgeAudit(report(severity), [], TODAY);
    expect(passes).toBe(false);
    expect(lines).toEqual([expect.stringMatching(/^GHSA-grv7-fg5c-xmjg \(\w+\) in braces: Uncontrolled resource/)]);
  });

  it('lets lesser ones pass', () => {
    expect(judgeAudit(report('moderate'), [], TODAY).passes).toBe(true);
  });

  it('believes an explanation until its last day, and not a day longer', () => {
    expect(judgeAudit(report('high'), [explanation('2026-11-28')], TODAY).passes).toBe(true);
    expect(judgeAudit(report('high'), [explanation('2026-11-27')], TODAY)).toMatchObject({
      passes: false,
      lines: [expect.stringContaining('good until 2026-11-27: look again')],
    });
  });

  it('fails on an explanation of what is no longer reported', () => {
    const { passes, lines } = judgeAudit('{"vulnerabilities":{}}', [explanation('2027-01-01')], TODAY);
    expect(passes).toBe(false);
    expect(lines).toEqual([expect.stringContaining('no longer reported')]);
  });

  it('says that nothing is known where the registry has no endpoint for audits', () => {
    const answer = JSON.stringify({ message: '405 Method Not Allowed - POST /advisories/bulk', statusCode: 405 });
    expect(judgeAudit(answer, [], TODAY)).toEqual({
      passes: true,
      lines: [expect.stringMatching(/^NOT AUDITED: .*405/)],
    });
  });

  it('fails when a registry that could answer does not', () => {
    const answer = JSON.stringify({ message: '503 Service Unavailable', statusCode: 503 });
    expect(judgeAudit(answer, [], TODAY)).toEqual({
      passes: false,
      lines: ['npm audit failed: 503 Service Unavailable'],
    });
    expect(() => judgeAudit('{}', [], TODAY)).toThrow(TypeError);
  });
});

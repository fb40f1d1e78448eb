import { type Accepted, kindOf, type Review } from './review';

/** What stands in docs/security.md besides the findings. */
export interface Assessed {
  readonly packs: readonly { readonly name: string; readonly title: string; readonly source: string }[];
  readonly variants: readonly string[];
}

/** docs/security.md: what was checked, and everything that was found and accepted, with its reason. */
export function securityDocument({ accepted, kinds }: Review, { packs, variants }: Assessed): string {
  return `${[
    '# What the security rules say',
    '',
    '<!-- Written by `npm run compliance -- --write` from the acknowledgements in lib/; do not edit. -->',
    '',
    'Every environment is held to these rules by `npm run compliance`, and by CI. A finding fails it unless it is',
    'acknowledged beside the construct, with its exact id and a reason; so does an acknowledgement without a finding.',
    '',
    '| pack | rules of | version |',
    '|---|---|---|',
    ...packs.map(({ name, title, source }) => `| ${name} | ${title} | ${source} |`),
    '',
    `Assessed: ${variants.join(', ')}.`,
    'Not assessed: the stack of CDK Pipelines (`-c pipeline=…`), whose roles and projects the CDK makes; it is no environment.',
    '',
    `Open findings: none. Accepted: ${accepted.length} findings of ${kinds.length} kinds. A kind is a rule: cdk-nag's rule where its packs`,
    'share one, without the detail in brackets.',
    ...kinds.flatMap((kind) =>
      section(
        kind,
        accepted.filter(({ id }) => kindOf(id) === kind),
      ),
    ),
  ].join('\n')}\n`;
}

function section(kind: string, accepted: readonly Accepted[]): readonly string[] {
  const reasons = [...new Set(accepted.map(({ reason }) => reason))];
  return [
    '',
    `## ${kind}`,
    ...reasons.flatMap((reason) =>
      paragraph(
        reason,
        accepted.filter((one) => one.reason === reason),
      ),
    ),
  ];
}

function paragraph(reason: string, accepted: readonly Accepted[]): readonly string[] {
  return [
    '',
    reason,
    '',
    ...accepted.map(({ id, path, variants }) => `- \`${id}\` at ${path} (${variants.join(', ')})`),
  ];
}

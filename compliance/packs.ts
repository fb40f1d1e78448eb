import { readFileSync } from 'node:fs';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { type App, CloudFormationValidatePlugin, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';

/** A set of rules that every environment is held to. */
export interface Pack {
  /** As its findings are named. */
  readonly name: string;
  /** Who wrote it, for the document. */
  readonly title: string;
  /** The package that it comes from, with its version. */
  readonly source: string;
  /** Undefined for the rules that the CDK runs by itself. */
  readonly plugin: ((app: App) => IPolicyValidationPlugin) | undefined;
}

const nag = (name: string, title: string, plugin: Pack['plugin']): Pack => ({
  name,
  title,
  source: versioned('cdk-nag'),
  plugin,
});

/** All packs, in the order in which they are listed. */
export const PACKS: readonly Pack[] = [
  nag('AwsSolutions', 'AWS Solutions', (app) => new AwsSolutionsChecks(app)),
  nag('HIPAA.Security', 'HIPAA Security', (app) => new HIPAASecurityChecks(app)),
  nag('NIST.800.53.R5', 'NIST 800-53 rev 5', (app) => new NIST80053R5Checks(app)),
  nag('PCI.DSS.321', 'PCI DSS 3.2.1', (app) => new PCIDSS321Checks(app)),
  nag('Serverless', 'AWS Well-Architected Serverless Lens', (app) => new ServerlessChecks(app)),
  {
    name: 'cdk-validator-cfnguard',
    title: 'AWS Control Tower proactive controls',
    source: versioned('@cdklabs/cdk-validator-cfnguard'),
    plugin: () => new CfnGuardValidator(),
  },
  {
    name: CloudFormationValidatePlugin.PLUGIN_NAME,
    title: "The CDK's own template validation",
    source: versioned('aws-cdk-lib'),
    plugin: undefined,
  },
];

function versioned(name: string): string {
  const { version } = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { version: string };
  return `${name} ${version}`;
}

/** What stands for something of the reader's, with a value that the command line takes. One table for all pages. */
export const PLACEHOLDERS: Readonly<Record<string, string>> = {
  DIR: 'bucket',
  HASH: 'a1b2c3d4e5f60718',
  ENV: 'prod',
  ACCOUNT: '111111111111',
  ROLE: 'arn:aws:iam::111111111111:role/Look',
  OWNER: 'sparkify',
  REPOSITORY: 'warehouse',
  POLICY: 'arn:aws:iam::aws:policy/AdministratorAccess',
  FILE: 'local.yaml',
  RUN: 'operator-nightly',
  RUN_ID: 'operator-nightly',
};

const NAME = /(?<![\w$])[A-Z][A-Z_]+(?![\w(])/g;

/** A command with its placeholders replaced. Quoted SQL and values of variables keep their capitals. */
export function bound(text: string, values: Readonly<Record<string, string>> = PLACEHOLDERS): string {
  return text.replace(NAME, (name) => values[name] ?? name);
}

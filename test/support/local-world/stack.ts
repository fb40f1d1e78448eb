/** The stack under test. Apart from its synthesis, so that who only speaks of it does not load the CDK. */
export const STACK = 'Sparkify-local';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface StackTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** What `cdk deploy` would publish: the template and the assets it names. */
export interface Assembly {
  readonly template: StackTemplate;
  readonly assets: readonly { readonly key: string; readonly body: Buffer }[];
}

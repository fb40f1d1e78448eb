import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { App } from 'aws-cdk-lib';
import { zipSync } from 'fflate';
import { type Selection, selectEnvironments } from '../../../lib/config';
import { SparkifyStack } from '../../../lib/sparkify-stack';
import { type Assembly, type Resource, STACK, type StackTemplate } from './stack';

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: 'file' | 'zip' };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/**
 * Synthesizes the local environment with the function's real bundle.
 * @param functionSpeed how much faster than the machine's the function believes its time to go by
 * @param selection what else the command line says
 */
export function localAssembly(sourceBucket: string, functionSpeed = 1, selection: Selection = {}): Assembly {
  const [config] = selectEnvironments({ env: 'local', sourceBucket, allowDataLoss: 'local', ...selection });
  if (config === undefined) throw new Error('there is no local environment');
  const app = new App({ builtinCloudFormationValidation: false });
  new SparkifyStack(app, STACK, config);
  const { directory } = app.synth();
  const manifest = JSON.parse(readFileSync(join(directory, `${STACK}.assets.json`), 'utf8')) as AssetManifest;
  return {
    template: JSON.parse(readFileSync(join(directory, `${STACK}.template.json`), 'utf8')) as StackTemplate,
    assets: Object.values(manifest.files).flatMap(({ source, destinations }) => {
      const path = join(directory, source.path);
      const body = source.packaging === 'zip' ? zipped(path, functionSpeed) : readFileSync(path);
      return Object.values(destinations).map(({ objectKey }) => ({ key: objectKey, body }));
    }),
  };
}

function zipped(folder: string, speed: number): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const entries = files.map((file) => {
    const body = readFileSync(file);
    const hastened = file === join(folder, 'index.js') && speed !== 1;
    return [relative(folder, file), hastened ? Buffer.concat([Buffer.from(hurry(speed)), body]) : body] as const;
  });
  return Buffer.from(zipSync(Object.fromEntries(entries), { level: 0 }));
}

function hurry(speed: number): string {
  return `{ const now = Date.now, begun = now(); Date.now = () => Math.floor(begun + (now() - begun) * ${speed}); }\n`;
}

const isLoad = ({ Type }: Resource): boolean => Type === 'Custom::WarehouseLoad';

/** The stack without its load and what needs it: a deploy of the whole then creates that alone. */
export function withoutLoad(template: StackTemplate): StackTemplate {
  const gone = new Set<string>();
  const goes = (value: unknown): boolean => [...gone].some((id) => JSON.stringify(value).includes(`"${id}"`));
  const all = Object.entries(template.Resources);
  for (let before = -1; before < gone.size; ) {
    before = gone.size;
    for (const [id, resource] of all) if (isLoad(resource) || goes(resource)) gone.add(id);
  }
  return {
    ...template,
    Resources: Object.fromEntries(all.filter(([id]) => !gone.has(id))),
    Outputs: Object.fromEntries(Object.entries(template.Outputs).filter(([, output]) => !goes(output))),
  };
}

/** The stack with another property at its load: deploying it sends CloudFormation's Update. */
export function withLoadProperty(template: StackTemplate, name: string, value: string): StackTemplate {
  const resources = Object.entries(template.Resources).map(([id, resource]) => [
    id,
    isLoad(resource) ? { ...resource, Properties: { ...resource.Properties, [name]: value } } : resource,
  ]);
  return { ...template, Resources: Object.fromEntries(resources) as StackTemplate['Resources'] };
}

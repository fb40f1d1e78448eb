import { sourcesOf } from './deployed-sources';
import { ENVIRONMENT_NAMES } from './environment';
import { type AwsEnvironmentName, environmentFile, environmentOf } from './environment-file';
import { parseFields } from './fields-file';
import { refuseAnothers } from './overrides';
import { ConfigurationError, findingsIn, validateEnvironment } from './validate';

/** A field of an environment's file that is not usable, as others are told of it. */
export interface Refusal {
  /** Names from the outermost record inwards; empty where the file as a whole is refused. */
  readonly path: readonly string[];
  /** What would be usable; for a file as a whole, why it is not. */
  readonly allowed: string;
  /** The whole sentence, with file, line and value. */
  readonly message: string;
}

/** What an environment's file comes to. */
export interface Judgement {
  /** All fields, with those that the file leaves out; null where the file cannot be read. */
  readonly config: unknown;
  readonly refusals: readonly Refusal[];
  /** Where the files of each source lie in its bucket; none while something is refused. */
  readonly sourcePrefixes: readonly string[];
}

/** Judges the text of an environment's file by the rules of synth. @throws TypeError for an environment without a file */
export function judgeEnvironment(environment: string, text: string): Judgement {
  const name = awsEnvironment(environment);
  try {
    const file = refuseAnothers(parseFields(text, environmentFile(name), name), name);
    const config = environmentOf(name, file);
    const refusals = findingsIn(config).map(({ path, value, allowed }) => {
      const { message } = new ConfigurationError(name, path.join('.'), value, allowed, file.where(path));
      return { path: path.map(String), allowed, message };
    });
    if (refusals.length > 0) return { config, refusals, sourcePrefixes: [] };
    return { config, ...declaredSources(config, name) };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { config: null, refusals: [wholly(error)], sourcePrefixes: [] };
  }
}

/** What the environment says of sources has to go with those that sql/sources.yaml declares. */
function declaredSources(config: unknown, name: AwsEnvironmentName): Pick<Judgement, 'refusals' | 'sourcePrefixes'> {
  try {
    const sources = sourcesOf(validateEnvironment(config, name));
    return { refusals: [], sourcePrefixes: sources.map(({ prefix }) => prefix) };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { refusals: [wholly(error)], sourcePrefixes: [] };
  }
}

const wholly = ({ message }: ConfigurationError): Refusal => ({ path: [], allowed: message, message });

function awsEnvironment(environment: string): AwsEnvironmentName {
  const name = ENVIRONMENT_NAMES.find((known) => known === environment);
  if (name === undefined || name === 'local') throw new TypeError(`The environment ${environment} has no file.`);
  return name;
}

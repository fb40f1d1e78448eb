import type { Dialect } from './contract';
import { translateQueryStatement } from './translate-query';
import { translateWriteStatement } from './translate-write';

export { mapEngineError } from './engine-errors';
export { ENGINE_MACROS, SESSION_SETTINGS } from './engine-macros';
export { engineType, redshiftTypeOfEngine } from './engine-types';

/** The translator from Redshift's tree to the engine's SQL. It keeps no state between statements. */
export function createDialect(): Dialect {
  return { translateQuery: translateQueryStatement, translateWrite: translateWriteStatement };
}

import type { ResetParameter, SetParameter, ShowParameter } from '../../dialect/ast';
import { RedshiftError } from '../../errors';
import type { ResultColumn } from '../../warehouse';
import type { Execution } from '../execution';
import { done, type Outcome, rowsOf } from '../outcome';

const text = (label: string): ResultColumn => ({ label, type: { name: 'varchar', length: 65535 }, nullable: 1 });

/** SET, for the session or (LOCAL) for the transaction. */
export async function setParameter(statement: SetParameter, execution: Execution): Promise<Outcome> {
  const { control } = execution;
  const { name, value, local } = statement;
  if (local && execution.callDepth > 0) {
    throw new RedshiftError('SET LOCAL cannot be invoked from a procedure', '0A000');
  }
  if (value === 'default') {
    control.settings = control.settings.reset(name);
  } else if (local) {
    control.setLocal(name, value);
  } else {
    control.settings = control.settings.with(name, value);
  }
  return done('SET');
}

export async function resetParameter({ name }: ResetParameter, execution: Execution): Promise<Outcome> {
  execution.control.settings = execution.control.settings.reset(name);
  return done('RESET');
}

export async function showParameter({ name }: ShowParameter, execution: Execution): Promise<Outcome> {
  const { settings } = execution.control;
  if (name === 'all') {
    return {
      command: 'SHOW',
      affectedRows: 0,
      columns: [text('name'), text('setting')],
      rows: rowsOf(settings.all()),
    };
  }
  return { command: 'SHOW', affectedRows: 0, columns: [text(name)], rows: rowsOf([[settings.get(name)]]) };
}

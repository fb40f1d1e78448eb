import type { QualifiedName, Query, Select, Statement } from '../../dialect/ast';
import type { Execution, Parameters, Perform } from '../execution';
import { done, type Outcome } from '../outcome';
import { callProcedure } from '../procedures/call';
import { createProcedure } from '../procedures/create';
import { alterTable } from './alter-table';
import { performCopy } from './copy';
import { createTable, createTableAs, createTableLike } from './create-table';
import { performExplain, performQuery, performWrite } from './data';
import { drop } from './drop';
import { analyze, lock, refuseInAtomicContext, truncate, vacuum } from './maintenance';
import { resetParameter, setParameter, showParameter } from './parameters';
import { changePrincipal } from './principals';
import { changePrivileges } from './privileges';
import { comment, createSchema } from './schemas';
import { createMaterializedView, createView, refreshMaterializedView } from './views';

/** Performs any statement but BEGIN, COMMIT and ROLLBACK, which are the session's. */
export const performStatement: Perform = async (statement, execution, parameters) => {
  switch (statement.node) {
    case 'query statement':
      return query(statement.query, execution, parameters);
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return performWrite(statement, execution, parameters);
    case 'copy':
      return performCopy(statement, execution);
    case 'create table as':
      return (await createTableAs(statement, execution, parameters)).outcome;
    case 'call procedure':
      return callProcedure(statement, execution, parameters);
    case 'explain':
      return performExplain(statement, execution, parameters);
    default:
      return define(statement, execution);
  }
};

type Rest = Exclude<
  Statement,
  {
    readonly node:
      | 'query statement'
      | 'insert'
      | 'update'
      | 'delete'
      | 'merge'
      | 'copy'
      | 'create table as'
      | 'call procedure'
      | 'explain';
  }
>;

function define(statement: Rest, execution: Execution): Promise<Outcome> {
  switch (statement.node) {
    case 'create table':
      return createTable(statement, execution);
    case 'create table like':
      return createTableLike(statement, execution);
    case 'create view':
      return createView(statement, execution);
    case 'create materialized view':
      return createMaterializedView(statement, execution);
    case 'refresh materialized view':
      return refreshMaterializedView(statement, execution);
    case 'create schema':
      return createSchema(statement, execution);
    case 'create procedure':
      return createProcedure(statement, execution);
    case 'alter table':
      return alterTable(statement, execution);
    case 'drop':
      return drop(statement, execution);
    case 'comment':
      return comment(statement, execution);
    case 'privilege':
      return changePrivileges(statement, execution);
    case 'user command':
      return changePrincipal(statement, execution);
    default:
      return manage(statement, execution);
  }
}

type Managing = Extract<
  Statement,
  {
    readonly node:
      | 'truncate'
      | 'lock'
      | 'analyze'
      | 'vacuum'
      | 'set'
      | 'show'
      | 'reset'
      | 'begin'
      | 'commit'
      | 'rollback';
  }
>;

async function manage(statement: Managing, execution: Execution): Promise<Outcome> {
  switch (statement.node) {
    case 'truncate':
      return truncate(statement, execution);
    case 'lock':
      return lock(statement, execution);
    case 'analyze':
      return analyze(statement, execution);
    case 'vacuum':
      return vacuum(statement, execution);
    case 'set':
      return setParameter(statement, execution);
    case 'show':
      return showParameter(statement, execution);
    case 'reset':
      return resetParameter(statement, execution);
    case 'commit':
      refuseInAtomicContext('COMMIT', execution);
      await execution.control.commitAndGoOn();
      return done('COMMIT');
    case 'rollback':
      refuseInAtomicContext('ROLLBACK', execution);
      await execution.control.rollbackAndGoOn();
      return done('ROLLBACK');
    case 'begin':
      return done('BEGIN');
  }
}

/** A query, or SELECT INTO, which makes a table. */
async function query(statement: Query, execution: Execution, parameters: Parameters): Promise<Outcome> {
  const { body } = statement;
  const into = body.node === 'select' ? body.into : undefined;
  if (into === undefined || body.node !== 'select') {
    return performQuery(statement, execution, parameters);
  }
  return selectInto(statement, body, into, execution, parameters);
}

async function selectInto(
  statement: Query,
  { into: _, ...select }: Select,
  into: { readonly name: QualifiedName; readonly temporary: boolean },
  execution: Execution,
  parameters: Parameters,
): Promise<Outcome> {
  const { outcome } = await createTableAs(
    { ...into, columnNames: [], attributes: {}, query: { ...statement, body: select } },
    execution,
    parameters,
  );
  return outcome;
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { functionArn, type LambdaScope } from './arns';
import { functionNotFound } from './errors';
import type { FunctionRecord, ResolvedFunction } from './function-record';

/** Functions on disk: `<root>/<name>/function.json`, and their code beside it. */
export class FunctionStore {
  private readonly records = new Map<string, FunctionRecord>();

  constructor(
    private readonly root: string,
    private readonly scope: LambdaScope,
  ) {
    mkdirSync(root, { recursive: true });
    for (const name of readdirSync(root)) {
      const file = this.file(name);
      if (existsSync(file)) this.records.set(name, JSON.parse(readFileSync(file, 'utf8')) as FunctionRecord);
    }
  }

  find(functionName: string): FunctionRecord | undefined {
    return this.records.get(functionName);
  }

  /** @throws AwsError ResourceNotFoundException */
  get(functionName: string): FunctionRecord {
    const record = this.records.get(functionName);
    if (!record) throw functionNotFound(functionArn(this.scope, functionName));
    return record;
  }

  /** In the order of their names. */
  all(): readonly FunctionRecord[] {
    return [...this.records.values()].sort((a, b) => (a.functionName < b.functionName ? -1 : 1));
  }

  /**
   * The version behind an alias, a version number, `$LATEST` or nothing (which is `$LATEST`).
   * @throws AwsError ResourceNotFoundException
   */
  resolve(functionName: string, qualifier?: string): ResolvedFunction {
    const record = this.get(functionName);
    const name = qualifier === undefined ? '$LATEST' : (record.aliases[qualifier]?.version ?? qualifier);
    const version = name === '$LATEST' ? record.latest : record.versions[name];
    if (!version) throw functionNotFound(functionArn(this.scope, functionName, qualifier));
    return { record, version, qualifier };
  }

  save(record: FunctionRecord): void {
    mkdirSync(join(this.root, record.functionName), { recursive: true });
    writeFileAtomic.sync(this.file(record.functionName), JSON.stringify(record, undefined, 2));
    this.records.set(record.functionName, record);
  }

  remove(functionName: string): void {
    this.records.delete(functionName);
    rmSync(join(this.root, functionName), { recursive: true, force: true });
  }

  /** Folder under which a function's unzipped packages live. */
  codeRoot(functionName: string): string {
    return join(this.root, functionName, 'code');
  }

  private file(functionName: string): string {
    return join(this.root, functionName, 'function.json');
  }
}

import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SESSION_SETTINGS } from '../dialect/dialect';
import { RedshiftError } from '../errors';
import type { Session, Warehouse } from '../warehouse';
import type { Engine } from './engine';
import { EngineSession } from './session';

/** `IAM:<user>` or `IAMR:<role>`. */
const IAM_IDENTITY = /^IAMR?:/;

/** Sessions over one instance of the engine. */
export class EngineWarehouse implements Warehouse {
  private readonly sessions = new Set<EngineSession>();
  private closed: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly instance: DuckDBInstance,
    /** Writes the logs and the counters. */
    private readonly system: DuckDBConnection,
  ) {}

  async connect({ database, user }: { readonly database: string; readonly user: string }): Promise<Session> {
    if (this.closed !== undefined) {
      throw new RedshiftError('the warehouse is closed', '57P03');
    }
    if (database !== this.engine.database) {
      throw new RedshiftError(`database "${database}" does not exist`, '3D000');
    }
    await this.signIn(database, user);
    return this.open(database, user);
  }

  /**
   * Credentials of an IAM identity make its database user when it first signs in (Management Guide,
   * GetClusterCredentialsWithIAM, GetCredentials); those that were asked for by name make none.
   * @throws RedshiftError 28P01 for a user that does not exist
   */
  private async signIn(database: string, user: string): Promise<void> {
    if (this.engine.catalog.principal('user', user) !== undefined) return;
    if (!IAM_IDENTITY.test(user)) {
      throw new RedshiftError(`password authentication failed for user "IAM:${user}"`, '28P01');
    }
    const session = await this.open(database, this.engine.masterUser);
    try {
      await session.execute(`create user "${user.replaceAll('"', '""')}" password disable`);
    } catch (error) {
      // Another session of the same identity was first.
      if (this.engine.catalog.principal('user', user) === undefined) throw error;
    } finally {
      await session.close();
    }
  }

  private async open(database: string, user: string): Promise<Session> {
    const connection = await this.engine.connect();
    for (const sql of SESSION_SETTINGS) {
      await connection.run(sql);
    }
    const pid = await this.engine.counter.next();
    const session = new EngineSession(this.engine, connection, { pid, user, database }, (ended) =>
      this.sessions.delete(ended),
    );
    this.sessions.add(session);
    return session;
  }

  async listDatabases(): Promise<readonly string[]> {
    return [this.engine.database];
  }

  close(): Promise<void> {
    this.closed ??= this.shutDown();
    return this.closed;
  }

  private async shutDown(): Promise<void> {
    await Promise.all([...this.sessions].map((session) => session.close()));
    await this.engine.journal.flush();
    await this.system.run('CHECKPOINT');
    this.system.closeSync();
    this.instance.closeSync();
  }
}

import type { Principal } from '../../aws/service';
import type { Clock } from '../../clock';
import type { Session } from '../warehouse';
import type { Target } from './target';

/** A kept session lives at most this long. */
const LONGEST_LIFE_MS = 24 * 3_600_000;

export type SessionStatus = 'AVAILABLE' | 'BUSY' | 'CLOSED';

/** A database session that the Data API keeps open between statements. */
export interface KeptSession extends Target {
  readonly id: string;
  readonly owner: Principal;
  readonly createdAt: number;
  updatedAt: number;
  status: SessionStatus;
  keepAliveSeconds: number;
  /** Milliseconds since the epoch after which it is closed; while BUSY only its longest life counts. */
  expiresAt: number;
  currentStatementId?: string;
  /** Open at the first statement. */
  connection?: Session;
}

/** The kept sessions of one process. They do not outlive it. */
export class SessionPool {
  private readonly sessions = new Map<string, KeptSession>();
  private readonly timers = new Map<string, () => void>();

  constructor(private readonly clock: Clock) {}

  add(session: KeptSession): void {
    this.sessions.set(session.id, session);
  }

  find(id: string): KeptSession | undefined {
    return this.sessions.get(id);
  }

  all(): readonly KeptSession[] {
    return [...this.sessions.values()];
  }

  open(clusterIdentifier: string): number {
    return this.all().filter((s) => s.clusterIdentifier === clusterIdentifier && s.status !== 'CLOSED').length;
  }

  /** A statement begins. */
  occupy(session: KeptSession, statementId: string): void {
    this.timers.get(session.id)?.();
    this.timers.delete(session.id);
    session.status = 'BUSY';
    session.currentStatementId = statementId;
    session.updatedAt = this.clock.now();
  }

  /** The statement has ended: the session waits for the next one, or is closed. */
  async release(session: KeptSession): Promise<void> {
    const now = this.clock.now();
    session.currentStatementId = undefined;
    session.updatedAt = now;
    session.expiresAt = Math.min(now + session.keepAliveSeconds * 1000, session.createdAt + LONGEST_LIFE_MS);
    if (session.expiresAt <= now || session.connection === undefined) {
      await this.close(session);
      return;
    }
    session.status = 'AVAILABLE';
    this.timers.set(
      session.id,
      this.clock.after(session.expiresAt - now, () => void this.close(session)),
    );
  }

  async close(session: KeptSession): Promise<void> {
    this.timers.get(session.id)?.();
    this.timers.delete(session.id);
    session.status = 'CLOSED';
    session.updatedAt = this.clock.now();
    const { connection } = session;
    session.connection = undefined;
    await connection?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.all().map((session) => this.close(session)));
  }
}

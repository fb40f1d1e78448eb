import { existsSync, readdirSync } from 'node:fs';
import type { Account } from './account';
import { AwsError } from './aws/service';
import { accountsFolder, isAccountId, LOCAL_ACCOUNT, type LocalHome } from './home';
import type { AccessKey, AccessKeys } from './iam/identity-store';

/** Accounts of one local AWS at most: each holds open files and a few megabytes. */
const MOST_ACCOUNTS = 20;

/** The accounts of a local AWS. Those that have a folder are open from the start. */
export class Accounts implements AccessKeys {
  private readonly open = new Map<string, Account>();
  private resumed = false;

  constructor(
    private readonly home: LocalHome,
    private readonly make: (id: string) => Account,
  ) {
    for (const id of [LOCAL_ACCOUNT, ...knownAccounts(home)]) {
      this.openOne(id);
    }
  }

  /** In the order of their numbers. */
  all(): readonly Account[] {
    return [...this.open.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  find(id: string): Account | undefined {
    return this.open.get(id);
  }

  /**
   * The account of that number; it comes to be, bootstrapped for the CDK, when it is addressed for the first time.
   * @throws AwsError ValidationException when it is no account's number, LimitExceededException
   */
  account(id: string): Account {
    const known = this.open.get(id);
    if (known) {
      return known;
    }
    if (!isAccountId(id)) {
      throw new AwsError('ValidationException', `${id} is not the number of an account: it has twelve digits.`);
    }
    if (this.open.size >= MOST_ACCOUNTS) {
      throw new AwsError(
        'LimitExceededException',
        `The local AWS of ${this.home.root} has ${MOST_ACCOUNTS} accounts already, the most it takes. Remove one you no longer need from ${accountsFolder(this.home)}.`,
      );
    }
    const made = this.openOne(id);
    if (this.resumed) {
      made.resume();
    }
    return made;
  }

  accessKey(accessKeyId: string): AccessKey | undefined {
    for (const { identities } of this.open.values()) {
      const key = identities.accessKey(accessKeyId);
      if (key) {
        return key;
      }
    }
    return undefined;
  }

  resume(): void {
    this.resumed = true;
    for (const account of this.open.values()) {
      account.resume();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map((account) => account.close()));
  }

  private openOne(id: string): Account {
    const account = this.make(id);
    this.open.set(id, account);
    return account;
  }
}

function knownAccounts(home: LocalHome): readonly string[] {
  const folder = accountsFolder(home);
  return existsSync(folder) ? readdirSync(folder).filter(isAccountId).sort() : [];
}

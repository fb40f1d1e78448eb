import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Principal } from '../aws/service';
import { AwsError } from '../aws/service';
import type { Clock, Ids } from '../clock';
import { readJsonFile, writeJsonFile } from '../json-file';
import type { AccessKey, Credentials, IdentityStore, RoleRecord } from './identity-store';
import { roleSession } from './principals';

interface SessionRecord {
  readonly accessKeyId: string;
  readonly roleArn: string;
  readonly roleId: string;
  readonly sessionName: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

interface IdentityFile {
  readonly operator: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly roles: readonly RoleRecord[];
  readonly sessions: readonly SessionRecord[];
}

const HOUR_SECONDS = 3_600;
/** Keys stay known this long past their end: an execution environment started before may still work with them. */
const KEPT_AFTER_EXPIRY_MILLISECONDS = 24 * 3_600_000;

/**
 * Identities in one JSON file under `folder`, written at each change. The operator's key is made at first use and
 * kept. A role that nobody put (the CDK's bootstrap roles) can be assumed too; STS decides whether it exists.
 * @throws StateFileError when the file is damaged
 */
export function createIdentityStore(options: {
  readonly folder: string;
  readonly account: string;
  readonly clock: Clock;
  readonly ids: Ids;
}): IdentityStore {
  const file = join(options.folder, 'identities.json');
  const stored = readJsonFile<IdentityFile>(file);
  const operator = stored?.operator ?? {
    accessKeyId: freshKeyId('AKIA', options.ids),
    secretAccessKey: secret(options.ids),
  };
  const roles = new Map(stored?.roles.map((role) => [role.arn, role]));
  // Homes of earlier versions kept no secrets; what was signed with those sessions can't be verified.
  const verifiable = stored?.sessions.filter((session) => session.secretAccessKey !== undefined);
  const sessions = new Map(verifiable?.map((session) => [session.accessKeyId, session]));
  const operatorPrincipal: Principal = {
    arn: `arn:aws:iam::${options.account}:user/operator`,
    account: options.account,
    userId: OPERATOR_ID,
  };

  const save = () => {
    const oldest = options.clock.now() - KEPT_AFTER_EXPIRY_MILLISECONDS;
    for (const session of sessions.values()) {
      if (session.expires < oldest) {
        sessions.delete(session.accessKeyId);
      }
    }
    writeJsonFile(file, { operator, roles: [...roles.values()], sessions: [...sessions.values()] }, 0o600);
  };
  const change = (arn: string, edit: (role: RoleRecord) => RoleRecord) => {
    const role = roles.get(arn);
    if (!role) {
      throw new AwsError('NoSuchEntity', `The role with name ${roleName(arn)} cannot be found.`, 404);
    }
    roles.set(arn, edit(role));
    save();
  };
  if (!stored) {
    save();
  }
  const accessKey = (accessKeyId: string): AccessKey | undefined => {
    if (accessKeyId === operator.accessKeyId) {
      return { principal: operatorPrincipal, secretAccessKey: operator.secretAccessKey };
    }
    const session = sessions.get(accessKeyId);
    if (!session) {
      return undefined;
    }
    const { roleArn, roleId, sessionName, secretAccessKey, sessionToken, expires } = session;
    const principal = roleSession({ arn: roleArn, roleId }, sessionName);
    return { principal, secretAccessKey, sessionToken, expires };
  };

  return {
    putRole(role) {
      const record = { ...role, roleId: roles.get(role.arn)?.roleId ?? freshRoleId(options.ids) };
      roles.set(role.arn, record);
      save();
      return record;
    },
    deleteRole(arn) {
      if (roles.delete(arn)) {
        save();
      }
    },
    role: (arn) => roles.get(arn),
    putInlinePolicy(roleArn, policyName, document) {
      change(roleArn, (role) => ({ ...role, inlinePolicies: { ...role.inlinePolicies, [policyName]: document } }));
    },
    deleteInlinePolicy(roleArn, policyName) {
      if (roles.has(roleArn)) {
        change(roleArn, (role) => {
          const { [policyName]: _removed, ...inlinePolicies } = role.inlinePolicies;
          return { ...role, inlinePolicies };
        });
      }
    },
    assumeRole(roleArn, sessionName, durationSeconds = HOUR_SECONDS): Credentials {
      const accessKeyId = freshKeyId('ASIA', options.ids);
      const expires = options.clock.now() + durationSeconds * 1_000;
      const roleId = roles.get(roleArn)?.roleId ?? derivedRoleId(roleArn);
      const secretAccessKey = secret(options.ids);
      const sessionToken = `local-${options.ids.uuid()}`;
      sessions.set(accessKeyId, {
        accessKeyId,
        roleArn,
        roleId,
        sessionName,
        expires,
        secretAccessKey,
        sessionToken,
      });
      save();
      return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expires) };
    },
    accessKey,
    principalOf: (accessKeyId) => accessKey(accessKeyId)?.principal,
    roles: () => [...roles.values()],
    operatorCredentials: () => operator,
  };
}

const OPERATOR_ID = 'AIDALOCALOPERATOR0000';

/** The role's name without its path. */
function roleName(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}

function letters(text: string, count: number): string {
  return text.replaceAll('-', '').toUpperCase().slice(0, count);
}

function freshKeyId(prefix: 'AKIA' | 'ASIA', ids: Ids): string {
  return prefix + letters(ids.uuid(), 16);
}

function freshRoleId(ids: Ids): string {
  return `AROA${letters(ids.uuid(), 17)}`;
}

/** The same role has the same id at each use, also when nobody put it. */
function derivedRoleId(roleArn: string): string {
  return `AROA${letters(createHash('sha256').update(roleArn).digest('hex'), 17)}`;
}

/** 40 characters, as long as AWS's secret keys. */
function secret(ids: Ids): string {
  return createHash('sha256').update(`${ids.uuid()}${ids.uuid()}`).digest('base64').slice(0, 40);
}

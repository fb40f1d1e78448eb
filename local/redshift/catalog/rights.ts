import { type CatalogState, type GrantEntry, grantKey } from './catalog-state';

/** What can be granted on each sort of object. Source: Developer Guide, GRANT. */
export const OBJECT_PRIVILEGES = {
  table: ['select', 'insert', 'update', 'delete', 'drop', 'references', 'alter', 'truncate'],
  schema: ['create', 'usage', 'alter', 'drop'],
  database: ['create', 'temporary', 'usage', 'alter'],
  procedure: ['execute'],
  function: ['execute'],
  language: ['usage'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What everybody may where nobody has revoked it. Sources: Developer Guide, GRANT; "Security for stored procedures". */
function publicDefaults(on: string): readonly string[] {
  if (on === 'schema public') return ['create', 'usage'];
  if (on === 'language plpgsql') return ['usage'];
  return on.startsWith('database ') ? ['temporary'] : [];
}

const MONITOR = ['access catalog', 'access system table'];
const OPERATOR = [...MONITOR, 'analyze', 'vacuum', 'cancel'];
const DBA = [
  ...OPERATOR,
  'create schema',
  'drop schema',
  'create table',
  'drop table',
  'truncate table',
  'create or replace procedure',
  'drop procedure',
];
/** The roles that every warehouse has. Source: Developer Guide, "Amazon Redshift system-defined roles". */
const SYSTEM_ROLES: Readonly<Record<string, readonly string[]>> = {
  'sys:monitor': MONITOR,
  'sys:operator': OPERATOR,
  'sys:dba': DBA,
  'sys:secadmin': ['create user', 'drop user', 'alter user', 'create role', 'drop role'],
};

/** What a grant holds: nothing is stored of what PUBLIC has by default until somebody changes it. */
export function heldPrivileges(catalog: CatalogState, on: string, grantee: string): readonly string[] {
  const entry = catalog.get(grantKey(on, grantee));
  if (entry?.entry === 'grant') return entry.privileges;
  return grantee === 'public' ? publicDefaults(on) : [];
}

export function grantable(entry: GrantEntry): readonly string[] {
  return entry.grantable ?? (entry.withGrantOption ? entry.privileges : []);
}

/** What one user may do, by its own grants and those of its groups, its roles, the roles of these, and PUBLIC. */
export class Rights {
  readonly superuser: boolean;
  /** As grants name them: `public`, `user u`, `group g`, `role r`. */
  private readonly grantees: ReadonlySet<string>;
  private readonly system: ReadonlySet<string>;

  constructor(
    private readonly catalog: CatalogState,
    readonly user: string,
    masterUser: string,
  ) {
    const memberships = membershipsOf(catalog);
    const grantees = new Set(['public', `user ${user}`]);
    // A set takes in what is added to it while it is walked through.
    for (const grantee of grantees) {
      for (const on of memberships.get(grantee) ?? []) grantees.add(on);
    }
    this.grantees = grantees;
    this.superuser =
      user === masterUser || catalog.principal('user', user)?.superuser === true || grantees.has('role sys:superuser');
    this.system = new Set(
      [...grantees].flatMap((grantee) => [
        ...heldPrivileges(catalog, 'system', grantee),
        ...(SYSTEM_ROLES[grantee.slice('role '.length)] ?? []),
      ]),
    );
  }

  /** True for a holder of the privilege, and for superusers; ownership is the caller's to judge. */
  holds(on: string, privilege: string): boolean {
    return this.superuser || this.some(on, (held) => held.includes(privilege) || held.includes('all'));
  }

  holdsAny(on: string): boolean {
    return this.superuser || this.some(on, (held) => held.length > 0);
  }

  /** May hand the privilege on. */
  mayGrant(on: string, privilege: string): boolean {
    if (this.superuser) return true;
    return [...this.grantees].some((grantee) => {
      const entry = this.catalog.get(grantKey(on, grantee));
      return entry?.entry === 'grant' && grantable(entry).includes(privilege);
    });
  }

  /** A privilege over the whole database, which roles hold: `analyze`, `create table` … */
  holdsSystem(privilege: string): boolean {
    return this.superuser || this.system.has(privilege);
  }

  /** Of the user itself or of something that it is a member of. */
  isGrantee(grantee: string): boolean {
    return this.grantees.has(grantee);
  }

  private some(on: string, test: (held: readonly string[]) => boolean): boolean {
    for (const grantee of this.grantees) if (test(heldPrivileges(this.catalog, on, grantee))) return true;
    return false;
  }
}

/** Which groups and roles each user, group and role is a member of. */
function membershipsOf(catalog: CatalogState): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const [, { on, grantee }] of catalog.all('grant')) {
    if (!on.startsWith('role ') && !on.startsWith('group ')) continue;
    const held = all.get(grantee);
    if (held === undefined) all.set(grantee, [on]);
    else held.push(on);
  }
  return all;
}

const known = new WeakMap<CatalogState, Map<string, Rights>>();

/** A user's rights in a catalogue; worked out once for each state of it. */
export function rightsOf(catalog: CatalogState, user: string, masterUser: string): Rights {
  let users = known.get(catalog);
  if (users === undefined) {
    users = new Map();
    known.set(catalog, users);
  }
  let rights = users.get(user);
  if (rights === undefined) {
    rights = new Rights(catalog, user, masterUser);
    users.set(user, rights);
  }
  return rights;
}

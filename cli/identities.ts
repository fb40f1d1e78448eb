/** As whom a statement can be run: as the admin, or as the people for whom the stack has a role. */
export const IDENTITIES = ['admin', 'analyst', 'operator'] as const;
export type IdentityName = (typeof IDENTITIES)[number];

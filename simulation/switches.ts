/** Guards of the modelled world that a mutant switches off. */
export interface Switches {
  readonly ignoreFence?: boolean;
  readonly ignoreLock?: boolean;
  readonly ignoreChangedFiles?: boolean;
  /** The ledger commits at once, whatever becomes of its load. */
  readonly ledgerOutside?: boolean;
  /** The Data API knows no client token. */
  readonly forgetTokens?: boolean;
  /** Each run sees its own digest of the load's SQL in the last one. */
  readonly ignoreLoadDigest?: boolean;
  readonly ignoreSourceDigest?: boolean;
  /** A run that has loaded nothing counts as the last one. */
  readonly countIdleRuns?: boolean;
  /** Nobody tells a run that one of another version has loaded since it began. */
  readonly ignoreNewerVersions?: boolean;
  /** Each run sees its own checksums in the migrations that are applied. */
  readonly ignoreChecksums?: boolean;
  /** All files are of the days that were asked for. */
  readonly ignoreDays?: boolean;
  /** A run of some days rebuilds the star as if it were the first, of these days only. */
  readonly rebuildOfDays?: boolean;
}

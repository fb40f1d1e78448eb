/** Guards of the modelled world that a mutant switches off. */
export interface Switches {
  readonly ignoreFence?: boolean;
  readonly ignoreLock?: boolean;
  readonly ignoreChangedFiles?: boolean;
  /** The ledger commits at once, whatever becomes of its load. */
  readonly ledgerOutside?: boolean;
  /** The Data API knows no client token. */
  readonly forgetTokens?: boolean;
}

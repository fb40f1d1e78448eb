/**
 * The syntax tree of Redshift SQL. Names are folded to lower case (in double quotes too, as Redshift does);
 * string literals are decoded. `position` is the 1-based character offset of a node's first token.
 */
export type * from './ast-procedures';
export type * from './ast-queries';
export type * from './ast-statements';

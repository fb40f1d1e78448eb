import leven from 'leven';

/** `; did you mean songs?` where one of the names is close to the word, otherwise nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const [best] = names
    .map((name) => ({ name, edits: leven(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(1, Math.floor(name.length / 3)))
    .sort((one, other) => one.edits - other.edits);
  return best === undefined ? '' : `; did you mean ${best.name}?`;
}

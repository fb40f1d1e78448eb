/** Does the work for every item, so many at a time. @returns the results in the order of the items */
export async function inTurn<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  onResult: (result: R) => void = () => {},
  atOnce = 2,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const one = async () => {
    for (let mine = next++; mine < items.length; mine = next++) {
      const result = await work(items[mine] as T);
      results[mine] = result;
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return results;
}

/** Condition keys of a request with their values, as the services give them. */
export type ContextValues = Readonly<Record<string, string | readonly string[]>>;

/** The condition keys of one request. Names of keys are not case-sensitive. */
export interface RequestContext {
  /** Undefined when the key is absent; a key with no value counts as absent. */
  values(key: string): readonly string[] | undefined;
}

/** The same, put together when somebody asks for the first key: most statements have no conditions. */
export function lazyRequestContext(values: () => ContextValues): RequestContext {
  let made: RequestContext | undefined;
  return {
    values(key) {
      made ??= requestContext(values());
      return made.values(key);
    },
  };
}

/** Condition keys by their names in lower case. */
export function requestContext(values: ContextValues): RequestContext {
  const byName = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(values)) {
    const list = typeof value === 'string' ? [value] : value;
    if (list.length > 0) byName.set(key.toLowerCase(), list);
  }
  return { values: (key) => byName.get(key.toLowerCase()) };
}

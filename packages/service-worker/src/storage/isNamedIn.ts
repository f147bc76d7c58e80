/** Tells whether a route is one of a namespace, by its name: that of the namespace, or that and a dash before it. */
export const isNamedIn = (namespace: string, route: string): boolean =>
  route === namespace || route.startsWith(`${namespace}-`);

declare const self: Partial<Pick<ServiceWorkerGlobalScope, 'registration'>>;

/** Returns the name of a database that the workers of one registration share, and those of other apps of the origin do not. */
export const ownDatabase = (name: string): string => {
  const {scope} = self.registration ?? {};
  return scope === undefined ? name : `${name} ${scope}`;
};

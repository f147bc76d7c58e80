/** What the browser says of its storage, in bytes; nothing where it does not say. */
export const estimate = async (): Promise<StorageEstimate> => {
  try {
    return await navigator.storage.estimate();
  } catch {
    return {};
  }
};

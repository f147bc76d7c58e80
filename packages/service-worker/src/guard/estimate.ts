/** Returns what the browser reports of its storage, in bytes; an empty object where it reports nothing. Never rejects. */
export const estimate = async (): Promise<StorageEstimate> => {
  try {
    return await navigator.storage.estimate();
  } catch {
    return {};
  }
};

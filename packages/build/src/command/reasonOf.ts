/**
 * Returns the reason of a failure, in words. `fetch` has the reason in the cause. A refused connection has a code and no
 * message.
 */
export function reasonOf(error: unknown): string {
  const {cause, code, message} = error as NodeJS.ErrnoException;
  return cause ? reasonOf(cause) : message || code || String(error);
}

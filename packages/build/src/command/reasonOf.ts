/** Why something failed, in words. `fetch` has that in the cause; a refused connection has a code and no message. */
export function reasonOf(error: unknown): string {
  const {cause, code, message} = error as NodeJS.ErrnoException;
  return cause ? reasonOf(cause) : message || code || String(error);
}

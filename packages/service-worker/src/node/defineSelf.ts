/** Marks a `self` of ours. Where there is one, in Deno, Bun or a simulated browser, it stays. */
export const OWN_SELF = {};

if (!('self' in globalThis)) {
  Object.assign(globalThis, {self: OWN_SELF});
}

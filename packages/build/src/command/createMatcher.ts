import picomatch from 'picomatch';

const OPTIONS = {
  // The walk of the folder decides about names that start with a dot.
  dot: true,
  // `a/**` matches the files in `a`, and not a file `a`.
  strictSlashes: true,
  // A name may start with `!`.
  nonegate: true,
  // Paths have slashes on every system.
  windows: false,
  // `?` matches any character, also one that is two UTF-16 units long.
  flags: 'u',
  // The fast paths write escapes that are invalid with the flag `u`.
  fastpaths: false,
};

/** Returns a function that tests whether a path with slashes matches any of the globs. Without globs, all paths match. */
export function createMatcher(globs: readonly string[]): (path: string) => boolean {
  return globs.length ? picomatch([...globs], OPTIONS) : () => true;
}

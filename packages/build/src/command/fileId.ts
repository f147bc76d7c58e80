/** Tells whether two files are one, whatever paths and links lead there. */
export function fileId({dev, ino}: {dev: bigint; ino: bigint}): string {
  return `${dev}:${ino}`;
}

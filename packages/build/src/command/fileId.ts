/** Returns an ID of a file. Two paths have the same ID when they lead to one file, also through links. */
export function fileId({dev, ino}: {dev: bigint; ino: bigint}): string {
  return `${dev}:${ino}`;
}

/** Limits of what is stored. */
export interface Limits {
  /**
   * How many bytes may be stored: a number, or a text such as `'2 GB'` or `'512 MiB'`. Opaque responses count with the
   * padding that the browser adds on average.
   *
   * @default Infinity
   */
  maxBytes?: number | string | undefined;

  /**
   * How many files may be stored.
   *
   * @default Infinity
   */
  maxEntries?: number | undefined;

  /**
   * How long a stored file is used before it is fetched anew: for all files, or by media type, as in
   * `{'application/json': 3600, 'image/*': 86400, '*': 604800}`. The first name that fits a file counts.
   *
   * @default Infinity
   */
  maxAgeSeconds?: number | Readonly<Record<string, number>> | undefined;

  /**
   * For how much longer a file that is older than that is used where the network has no answer.
   *
   * @default 0
   */
  staleIfErrorSeconds?: number | undefined;
}

/** A number of bytes as a text. */
const BYTES = /^(\d+(?:\.\d+)?) ?([kMGT]?)(i?)B$/;

const EXPONENTS = ['', 'k', 'M', 'G', 'T'];

/** Returns a number of bytes that is given as a number or as a text; `NaN` for another text. */
export const parseBytes = (bytes: number | string): number => {
  if (typeof bytes === 'number') {
    return bytes;
  }
  const [, number = Number.NaN, unit = '', binary] = BYTES.exec(bytes) ?? [];
  return Number(number) * (binary ? 1024 : 1000) ** EXPONENTS.indexOf(unit);
};

/**
 * Returns how long a file of a media type is used, in milliseconds.
 *
 * @param type as in `Content-Type`.
 */
export const maxAgeOf = ({maxAgeSeconds}: Limits, type: string): number => {
  const own =
    typeof maxAgeSeconds === 'object'
      ? Object.entries(maxAgeSeconds).find(
          ([name]) => name === '*' || type.startsWith(name.replace(/\*$/, '')),
        )?.[1]
      : maxAgeSeconds;
  return (own ?? Number.POSITIVE_INFINITY) * 1000;
};

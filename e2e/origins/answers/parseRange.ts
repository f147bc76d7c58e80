export interface ByteRange {
  start: number;
  /** Exclusive. */
  end: number;
}

/**
 * Returns the part of a file that a Range header names. `'unsatisfiable'` leads to a 416. `undefined` means that the
 * header is ignored: it is malformed, has another unit, or names several ranges, which a server may answer with the
 * complete file (https://www.rfc-editor.org/rfc/rfc9110#section-14.2).
 */
export const parseRange = (header: string, size: number): ByteRange | 'unsatisfiable' | undefined => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (first === '' && last === '') {
    return undefined;
  }
  if (first === '') {
    const suffix = Math.min(Number(last), size);
    return suffix === 0 ? 'unsatisfiable' : {start: size - suffix, end: size};
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) {
    return undefined;
  }
  return start >= size ? 'unsatisfiable' : {start, end};
};

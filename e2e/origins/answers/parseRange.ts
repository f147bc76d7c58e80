export interface ByteRange {
  start: number;
  /** Not included. */
  end: number;
}

/**
 * The part of a file that a Range header asks for. `'unsatisfiable'` leads to a 416; `undefined` means that the
 * header is to be ignored: it is malformed, of another unit, or asks for several ranges, which a server may
 * answer with the whole file (https://www.rfc-editor.org/rfc/rfc9110#section-14.2).
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

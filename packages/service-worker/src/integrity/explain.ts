import type {IntegrityFailure} from '../messages/protocol.ts';

/** Describes a failure, to follow the key in a log of a development build. */
export const explain = ({reason, expected, got}: IntegrityFailure): string => {
  const digests = (expected.digests ?? []).map(({hex}) => hex).join(' or ');
  switch (reason) {
    case 'too-long':
      return `has more than the expected ${expected.size} bytes.`;
    case 'too-short':
      return `has ${got.size} bytes instead of the expected ${expected.size}.`;
    case 'wrong-digest':
      return `has the ${got.digest?.algorithm} ${got.digest?.hex} instead of the expected ${digests}.`;
    case 'opaque':
      return 'is opaque, so it cannot be checked. Request it with CORS: on an element, with crossorigin.';
    case 'status':
      return 'was answered with a part, which cannot be checked by itself.';
    case 'unreadable':
      return 'is stored, and cannot be read any more.';
    case 'cannot-digest':
      return 'could not be digested by the browser.';
  }
};

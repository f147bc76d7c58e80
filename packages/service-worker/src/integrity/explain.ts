import type {IntegrityFailure} from './events.ts';

/** A failure in words, to follow the key: for a development build. */
export const explain = ({reason, expected, got}: IntegrityFailure): string => {
  const digests = (expected.digests ?? []).map(({hex}) => hex).join(' or ');
  switch (reason) {
    case 'too-long':
      return `has more than the ${expected.size} bytes that are expected.`;
    case 'too-short':
      return `has ${got.size} bytes, and ${expected.size} are expected.`;
    case 'wrong-digest':
      return `has the ${got.digest?.algorithm} ${got.digest?.hex}, and ${digests} is expected.`;
    case 'opaque':
      return 'is opaque, so nobody can check it. It has to be asked for with CORS: with crossorigin, on an element.';
    case 'status':
      return 'was answered with a part, which cannot be checked by itself.';
    case 'unreadable':
      return 'cannot be read any more.';
    case 'cannot-digest':
      return (
        'could not be digested. If the worker has a content security policy, its script-src has to have ' +
        "'wasm-unsafe-eval' for SHA-256."
      );
  }
};

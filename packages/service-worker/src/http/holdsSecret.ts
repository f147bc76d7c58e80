/** Names of parameters that hold a secret, or are signed together with one. */
const NAMES = /sig|token|auth|hmac|cred|secret|pass|session|jwt|policy|key|^_hash$|^ks$|^oh$/i;

/** A value as long as a digest, a token or a key. Of those, each has a digit in its first characters, as good as always. */
const LONG = /^[^.@,]*[\w%~+/=-]{16}/;

/** A token in the path: a digest or a signature beside a time, or one behind the name by which a host knows it. */
const PATH =
  /\/(?:[\da-f]{32}\/(?:\d{10,12}|[\da-f]{8})|\d{10,12}(?:\/|-[\w-]{1,40}-)[\da-f]{32}|[\w=-]{20,},\d{10}|exp:\d{10}|s--[\w-]{8,}--|p\/[\w-]{16,}\/n|ks\/[^/]+)\//i;

/**
 * Tells whether a URL holds a secret: credentials, a token or a signature. In doubt it does.
 *
 * The tables of the keys name what hosts sign with, and a worker carries those that its routes need. A redirect may lead
 * to any other host, so this goes by what all signatures have in common: a long value in a parameter.
 */
export const holdsSecret = (url: string): boolean =>
  /^[^/]*\/\/[^/]*@/.test(url) ||
  PATH.test(url) ||
  url.split(/[?&;/~]/).some((part) => {
    const at = part.indexOf('=');
    const value = part.slice(at + 1);
    return (
      at > 0 && value !== '' && (NAMES.test(part.slice(0, at)) || (LONG.test(value) && /\d/.test(value)))
    );
  });

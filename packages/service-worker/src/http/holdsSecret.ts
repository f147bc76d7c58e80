/** Names of parameters that hold a secret, or are signed together with one. */
const NAMES = /sig|token|auth|hmac|cred|secret|pass|session|jwt|policy|key|^_hash$|^ks$|^oh$/i;

/** A value as long as a digest, a token or a key. Of those, each has a digit in its first characters, as good as always. */
const LONG = /^[^.@,]*[\w%~+/=-]{16}/;

/**
 * Tokens in the path: a digest or a signature beside a time, one behind the name by which a host knows it, a JSON Web
 * Token. What shows a URL leaves them out.
 */
export const TOKENS =
  /\/(?:[\da-f]{32,64}\/(?:\d{10,13}|[\da-f]{8})|\d{10,13}(?:\/|-[\w-]{1,40}-)[\da-f]{32}|[\w-]{20,86}={0,2}(?:,|\/(?:e(?:xp(?:ires)?)?[:=])?)1\d{9}|[\w-]{43}\/(?:[a-z_]{1,40}:|(?:unsafe|plain)\/)[^/]*|s--[\w-]{8,}--|p\/[\w-]{16,}\/n|ks\/[^/]+|(?:token|signature|cd\/0\/\w{3,6})\/(?=[^/]*\d)[\w-]{20,}|(?:bot\d{6,12}|token|st|sig|signature):[\w-]{20,}[^/]*|b1![\w-]{20,}[^/]*|eyJ[\w-]{10,}(?:\.[\w-]+|--)[^/]*)(?=\/|$)/gi;

/** A signature that is the whole query. */
const BARE = /[?&](?=[^?&#]*\d)[\w%+/-]{32,}={0,2}(?:[&#]|$)/;

/** What a URL within another one holds. */
const NESTED =
  /(?::\/\/|%3A%2F%2F)(?:(?!%2F)[^/?#]){1,200}(?:@|%40)|(?:%3F|%26)[\w-]{0,40}(?:sig|token|auth|key|secret)[\w-]{0,40}%3D/i;

/**
 * Tells whether a URL holds a secret: credentials, a token or a signature. In doubt it does.
 *
 * The tables of the keys name what hosts sign with, and a worker carries those that its routes need. A redirect may lead
 * to any other host, so this goes by what all signatures have in common: a long value in a parameter.
 */
export const holdsSecret = (url: string): boolean =>
  /^[^/]*\/\/[^/]*@/.test(url) ||
  url.search(TOKENS) >= 0 ||
  BARE.test(url) ||
  NESTED.test(url) ||
  url.split(/[?&;/~]/).some((part) => {
    const at = part.indexOf('=');
    const value = part.slice(at + 1);
    return (
      at > 0 && value !== '' && (NAMES.test(part.slice(0, at)) || (LONG.test(value) && /\d/.test(value)))
    );
  });

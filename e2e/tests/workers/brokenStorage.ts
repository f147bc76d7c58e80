/** The worker of the tests, whose storage fails at an operation from the moment that a page says so. */
import './holdfast.ts';

const failure = () => Promise.reject(new DOMException('The disk is broken.', 'UnknownError'));

const PROTOTYPES: Record<string, object> = {
  match: CacheStorage.prototype,
  open: CacheStorage.prototype,
  put: Cache.prototype,
};

new BroadcastChannel('break').onmessage = ({data: operation}) => {
  Object.assign(PROTOTYPES[operation] ?? {}, {[operation]: failure});
};

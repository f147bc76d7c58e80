/** The worker `holdfast`, whose storage fails at an operation as soon as a page asks for that. */
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

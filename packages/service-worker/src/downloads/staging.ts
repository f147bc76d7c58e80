// What a package needs that stores large files by itself. Not for applications: it may change with any version.

export {type Fetched, fetchToStore} from './fetchToStore.ts';
export {watchForLeftovers} from './leftovers.ts';
export {UpstreamFailure} from './Upstream.ts';

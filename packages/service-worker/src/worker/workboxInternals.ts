// The parts of Workbox that have no public name, in one place: a new release of Workbox may move them.

/** The callbacks that run when storage is full: those of `ExpirationPlugin` with `purgeOnQuotaError`, say. */
export {executeQuotaErrorCallbacks} from 'workbox-core/_private/executeQuotaErrorCallbacks.js';
/** The console of development builds, in Workbox's style. It honors `__WB_DISABLE_DEV_LOGS`. */
export {logger} from 'workbox-core/_private/logger.js';
/** The router that `registerRoute()` fills. */
export {getOrCreateDefaultRouter} from 'workbox-routing/utils/getOrCreateDefaultRouter.js';

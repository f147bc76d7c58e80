// What a package needs that brings whole releases in. Not for applications: it may change with any version.

export {
  answerMessages,
  clientOf,
  knownLine,
  type Payload,
  refuseIfTurnedOff,
  text,
} from './answerMessages.ts';
export {beginDownload, type Download, downloadOf, whenEnded} from './downloads.ts';
export {eventChannel} from './events.ts';
export {evictionsSoFar} from './evictions.ts';
export {missingAssets} from './missingAssets.ts';
export {type Pin, pin} from './pinned.ts';
export {type ReleaseKeeper, setReleaseKeeper} from './releaseKeeper.ts';
export {cacheNameOf, releaseOf} from './releaseOf.ts';
export {scopes} from './scopes.ts';
export {withStageLock} from './stageLock.ts';
export {changeState, type ReleaseAsset, type ReleaseRecord, readRecord, readRecords} from './state.ts';
export {outdated, store} from './store.ts';
export {storeFailure} from './storeFailure.ts';
export {withSwitchLock} from './switchLock.ts';

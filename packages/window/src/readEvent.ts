import type {AssetSource, JobState, WorkerEvent} from '@holdfast/service-worker/messages';

/** The events that this package reads. */
export type ReadEvent = Extract<WorkerEvent, {type: 'STAGE_PROGRESS' | 'ASSET_STAGED' | 'DOWNLOAD_PROGRESS'}>;

type Check = (value: unknown) => boolean;

/** What each field of a payload must be. */
type Checks<Payload> = {[Field in keyof Payload]-?: Check};

type PayloadOf<Type extends ReadEvent['type']> = Extract<ReadEvent, {type: Type}>['payload'];

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => typeof value === 'number' && value >= 0;
const isOneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

const suits =
  <Payload>(checks: Checks<Payload>): Check =>
  (value) =>
    Object.entries<Check>(checks).every(([field, check]) => check(Object(value)[field]));

const isState = isOneOf(['running', 'done', 'failed', 'aborted'] satisfies JobState[]);

const CHECKS: {[Type in ReadEvent['type']]: Check} = {
  STAGE_PROGRESS: suits<PayloadOf<'STAGE_PROGRESS'>>({
    line: isText,
    version: isText,
    state: isState,
    assets: isCount,
    verified: isCount,
    waiting: isCount,
    totalBytes: isCount,
    bytes: suits<Record<AssetSource, number>>({present: isCount, reused: isCount, fetched: isCount}),
  }),
  ASSET_STAGED: suits<PayloadOf<'ASSET_STAGED'>>({
    line: isText,
    version: isText,
    key: isText,
    from: isOneOf(['present', 'reused', 'fetched'] satisfies AssetSource[]),
    bytes: isCount,
  }),
  DOWNLOAD_PROGRESS: suits<PayloadOf<'DOWNLOAD_PROGRESS'>>({
    key: isText,
    state: isState,
    bytes: isCount,
    totalBytes: isCount,
    bytesPerSecond: isCount,
    secondsLeft: (value) => value === undefined || isCount(value),
  }),
};

/**
 * Returns what came on the channel as an event of a worker; `undefined` for one that this package does not read, and for
 * everything else: any code of the origin may post anything there.
 */
export const readEvent = (data: unknown): ReadEvent | undefined => {
  const {type, payload} = Object(data);
  const isEvent = typeof type === 'string' && Object.hasOwn(CHECKS, type);
  return isEvent && CHECKS[type as ReadEvent['type']](payload) ? (data as ReadEvent) : undefined;
};

/** Something that any code of the origin may post: on the channel on which workers report, or to the worker. */
export interface Forged {
  to: 'channel' | 'worker';
  data: unknown;
}

const EVENTS: unknown[] = [
  null,
  'RELEASES_EVICTED',
  {type: 'RELEASES_EVICTED'},
  {type: 'RELEASES_EVICTED', payload: {line: 'files-en', evicted: ['v1', 'v2', 'v3'], kept: []}},
  {type: 'CACHES_DROPPED', payload: {dropped: ['files-en-v1', 'files-live-v1']}},
  {type: 'VERSION_SWITCHED', payload: {line: 'files-live', version: 'v3'}},
  {type: 'ASSET_NOT_STORED', payload: {key: 7, cacheName: null, reason: 'release-evicted'}},
  {type: 'STAGE_PROGRESS', payload: {line: 'files-en', version: 'v1', state: 'failed', bytes: null}},
];

const JOB = JSON.stringify(['files-en', 'v1']);

const MESSAGES: unknown[] = [
  ...EVENTS,
  7n,
  {type: ['HOLDFAST_TURN_OFF']},
  {type: 'HOLDFAST_SWITCH_VERSION'},
  {type: 'HOLDFAST_SWITCH_VERSION', payload: {line: {name: 'files'}, version: 'v1', keep: 7n}},
  {type: 'HOLDFAST_SWITCH_VERSION', payload: {line: {name: 'files-en'}, version: ['v1']}},
  {type: 'HOLDFAST_ROLLBACK', payload: {line: {name: 'file', values: {line: 'en'}}}},
  {type: 'HOLDFAST_STAGE', payload: {line: {name: 'files-en'}, version: 'v1', manifest: {assets: null}}},
  {type: 'HOLDFAST_STAGE', payload: {line: {name: 'files-en'}, version: 'v9', asker: 'a', manifest: {}}},
  {type: 'HOLDFAST_ABORT_JOB', payload: null},
  {type: 'HOLDFAST_ABORT_JOB', payload: {job: JOB, asker: 'of nobody'}},
  {type: 'HOLDFAST_JOB', payload: {job: 'unknown', asker: 'of nobody'}},
  {type: 'HOLDFAST_ANSWER', payload: {state: 'done'}},
  {type: 'HOLDFAST_constructor', payload: {}},
];

/** What is forged. None of it may have an effect. */
export const FORGED: readonly Forged[] = [
  ...EVENTS.map((data) => ({to: 'channel', data}) as const),
  ...MESSAGES.map((data) => ({to: 'worker', data}) as const),
];

import {accountIn, accountOf, publicKey} from '../../http/partition.ts';
import {Channel} from '../../messages/Channel.ts';
import type {Payload} from '../../messages/MessageListener.ts';
import type {Cleared, ClearSelection} from '../../messages/protocol.ts';
import {textIn} from '../../messages/textIn.ts';
import {glob} from '../../recipes/glob.ts';
import {dropCaches} from '../../releases/dropCaches.ts';
import {evictRelease} from '../../releases/evictRelease.ts';
import {lineIn} from '../../releases/lines.ts';
import {Releases} from '../../releases/Releases.ts';
import {prefixOf} from '../../releases/releaseOf.ts';
import {strategyFor} from '../../worker/routes.ts';
import type {WorkerState} from '../../worker/WorkerState.ts';
import type {Entry} from '../Entry.ts';
import {isNamedIn} from '../isNamedIn.ts';
import {Ledger} from '../Ledger.ts';
import {placeOf} from '../places.ts';
import {rebuild} from '../rebuild.ts';
import {keyOf} from './keyOf.ts';

const FIELDS = [
  'url',
  'pattern',
  'release',
  'line',
  'route',
  'namespace',
  'account',
] as const satisfies readonly (keyof ClearSelection)[];

/** What is deleted: which of the stored files, and of the lines as a whole. */
interface Selection {
  has(entry: Entry): boolean;
  /** The lines that are forgotten with all of their releases. */
  hasLine(line: string): boolean;
  /** The release that is deleted as a whole. */
  release?: {line: string; version: string} | undefined;
}

const NO_LINE = (): boolean => false;

/** Reads which files are meant. @throws TypeError that names the field and the value it got. */
const selectionIn = async (
  worker: WorkerState,
  payload: Payload,
  event: ExtendableEvent,
): Promise<Selection> => {
  const releases = worker.part(Releases);
  const given = FIELDS.filter((field) => payload[field] !== undefined);
  const unknown = Object.keys(payload).find((field) => !(FIELDS as readonly string[]).includes(field));
  if (given.length > 1 || unknown !== undefined) {
    throw new TypeError(
      `payload must have one of ${FIELDS.join(', ')}, or none, but got ${Object.keys(payload).join(', ')}.`,
    );
  }
  switch (given[0]) {
    case 'url': {
      const request = new Request(textIn(payload, 'url'));
      const {key} = await placeOf({
        cacheName: '',
        key: keyOf(strategyFor(request, event)?.plugins ?? [], request),
      });
      // Also what accounts have of it alone.
      return {has: (entry) => publicKey(entry.key) === key, hasLine: NO_LINE};
    }
    case 'pattern': {
      const {pattern} = payload;
      const expression =
        pattern instanceof RegExp
          ? new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
          : glob(textIn(payload, 'pattern'));
      return {has: ({key}) => expression.test(publicKey(key)), hasLine: NO_LINE};
    }
    case 'release': {
      const {line: name, version} = Object(payload.release) as {line?: unknown; version?: unknown};
      const line = await lineIn(releases, {line: name});
      const release = {line, version: textIn({'release.version': version}, 'release.version')};
      return {
        has: (entry) => entry.line === line && entry.version === release.version,
        hasLine: NO_LINE,
        release,
      };
    }
    case 'line': {
      const line = await lineIn(releases, payload);
      return {has: (entry) => entry.line === line, hasLine: (one) => one === line};
    }
    case 'route': {
      const route = textIn(payload, 'route');
      return {has: (entry) => entry.route === route, hasLine: (line) => prefixOf(line) === route};
    }
    case 'namespace': {
      const namespace = textIn(payload, 'namespace');
      const ledger = worker.part(Ledger);
      // An app that the worker does not know any more is known by the names of its caches.
      const isIn = (route: string): boolean =>
        namespace in (ledger.options.namespaces ?? {})
          ? ledger.routeOf({cacheName: route}).namespace === namespace
          : isNamedIn(namespace, route);
      return {
        has: ({route}) => isIn(route),
        hasLine: (line) => isIn(prefixOf(line)),
      };
    }
    case 'account': {
      const account = await accountOf(`name ${textIn(payload, 'account')}`);
      return {has: ({key}) => accountIn(key) === account, hasLine: NO_LINE};
    }
    default:
      return {has: () => true, hasLine: () => true};
  }
};

/**
 * Deletes what a page no longer wants, whether a budget would keep it or not: of releases also the current one. Files of
 * routes that are none of ours stay.
 *
 * @throws TypeError that says what is wrong with the selection.
 */
export const clearStorage = async (
  worker: WorkerState,
  payload: Payload,
  event: ExtendableEvent,
): Promise<Cleared> => {
  const ledger = worker.part(Ledger);
  const releases = worker.part(Releases);
  const {has, hasLine, release} = await selectionIn(worker, payload, event);
  await rebuild(ledger);
  const chosen = (await ledger.inTurn(async () => ledger.entries)).filter(has);

  // Whole lines and releases go with what is known of them. What is then left is deleted file by file.
  await dropCaches(releases, undefined, hasLine);
  const isReleaseGone = release && (await evictRelease(releases, release.line, release.version, true));
  const isWhole = ({line}: Entry): boolean => line !== undefined && (hasLine(line) || Boolean(isReleaseGone));
  let [entries, bytes] = [0, 0];
  for (const entry of chosen) {
    const isGone = isWhole(entry) || (await ledger.inTurn(() => ledger.deleteFile(entry)));
    entries += isGone ? 1 : 0;
    bytes += isGone ? entry.bytes : 0;
  }
  await ledger.inTurn(() => ledger.forget(chosen.filter(isWhole)));
  worker.part(Channel).report({type: 'STORAGE_CLEARED', payload: {entries, bytes}});
  return {entries, bytes};
};

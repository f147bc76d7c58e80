import {
  type Explanation,
  failureSentence,
  missSentence,
  type StoredInfo,
} from '@holdfast/service-worker/messages';

/** What the page knows that its worker does not. */
export interface PageFacts {
  /** Whether the requests of the page go through the worker that was asked. */
  isControlled: boolean;
  /** Whether a newer worker waits, whose routes do not count yet. */
  isNewerWaiting: boolean;
}

const bytesOf = (bytes: number): string => `${bytes.toLocaleString('en')} bytes`;

const ageOf = (seconds: number): string => {
  const [, divisor, unit] = (
    [
      [172_800, 86_400, 'days'],
      [7200, 3600, 'hours'],
      [120, 60, 'minutes'],
      [0, 1, 'seconds'],
    ] as const
  ).find(([from]) => seconds >= from) ?? [0, 1, 'seconds'];
  return `${Math.round(seconds / divisor)} ${unit} old`;
};

const placeOf = ({where, cacheName, path}: StoredInfo): string =>
  where === 'file'
    ? `as the file '${path}' of the origin private file system`
    : `${where === 'entry' ? 'as an entry of' : 'in pieces beside'} the cache '${cacheName}'`;

/** Says what is stored. */
const storedSentence = (shown: string, stored: StoredInfo, isOwn: boolean): string => {
  const {bytes, isComplete, ageSeconds, isVerified} = stored;
  const facts = [
    bytes === null ? 'its size is hidden' : bytesOf(bytes),
    ageSeconds === null ? 'of unknown age' : ageOf(ageSeconds),
    isVerified === null ? 'with no digest to verify it by' : isVerified ? 'verified' : 'not verified yet',
  ];
  const whose = isOwn ? ' for your account alone' : '';
  return `${shown} is ${isComplete ? '' : 'partly '}stored${whose} ${placeOf(stored)}: ${facts.join(', ')}.`;
};

const releaseSentence = ({release, stored}: Explanation): string | undefined => {
  if (!release) {
    return undefined;
  }
  const {line, version, state, current} = release;
  if (version === null) {
    return (
      `Its URL has no version, and the line '${line}' has no current one, so it comes from the network and is not stored. ` +
      'Stage a version and switch to it, or call switchTo(version, {allowEmpty: true}).'
    );
  }
  const belongs = `It belongs to the release '${version}' of '${line}'`;
  if (state === 'current') {
    return `${belongs}, which is current.`;
  }
  const is = `${belongs}, which is ${state === 'other' ? 'not current' : state}`;
  const isCurrent = current === null ? 'No version of the line is' : `'${current}' is`;
  return stored
    ? `${is}: ${isCurrent} current.`
    : `${is}: ${isCurrent} current. The next request for this URL fetches it into the cache of its own release.`;
};

const routeSentences = (shown: string, {url, route, missed, isBlocked}: Explanation): string[] => {
  if (!route) {
    return missed.length > 0 || isBlocked
      ? missed.map((miss) => missSentence(url, miss))
      : [
          `No route takes ${shown}, so its requests go past the worker and nothing is stored. Register a route that ` +
            'matches it. Is the newest worker active?',
        ];
  }
  const {index, routes, later, isFunction, plugins, isResumable, hasOtherKeys} = route;
  const name = `Route ${index} of ${routes}`;
  const others =
    later.length > 0 ? ` Of those that match, it is the first; ${later.join(', ')} would match, too.` : '';
  if (isFunction) {
    return [
      `${name} takes it, and a function answers: what that stores is not known here.${others} Give the route a strategy, or ` +
        'move another route before it.',
    ];
  }
  const sentences = [
    plugins.length > 0 || isResumable
      ? `${name} takes it, with ${[...plugins, ...(isResumable ? ['ResumableCacheFirst'] : [])].join(', ')}.${others}`
      : `${name} takes it, and its strategy has none of our plugins: Workbox alone decides what is stored.${others} ` +
        'Add plugins to the route, or move another route before it.',
  ];
  if (hasOtherKeys) {
    sentences.push('A plugin of your own may change its key, and explain() does not ask it.');
  }
  return sentences;
};

/** Says why nothing is stored, where nothing is. */
const missingSentence = (
  shown: string,
  {release, download, refusal, route, stored}: Explanation,
): string | undefined => {
  if (download) {
    return `${shown} is being downloaded: ${bytesOf(download.bytes)} of ${bytesOf(download.totalBytes)} are here.`;
  }
  if (refusal) {
    return failureSentence(shown.slice(1, -1), refusal);
  }
  if (stored) {
    return 'The next request for it through the page resumes it, or download(url) does.';
  }
  return !route || route.isFunction || release?.version === null
    ? undefined
    : `${shown} is not stored, and no request for it has failed since the worker started. Request it through the page. If ` +
        "that does not store it, look for 'Content Security Policy' in the page's console: its own policy may forbid the " +
        'request.';
};

/** Returns what is known of a URL as sentences, the most important first. Each that is about a fault says what to do. */
export const sentencesOf = (explanation: Explanation, page: PageFacts): string[] => {
  const {url, key, stored, isBlocked, isTurnedOff, route} = explanation;
  const shown = `'${url}'`;
  const sentences: (string | undefined)[] = [];
  if (isTurnedOff) {
    sentences.push('Everything was turned off: nothing is stored. Call register() to turn it on again.');
  }
  if (!page.isControlled) {
    sentences.push(
      'No worker controls this page, as after a hard reload: its requests go past the worker. Reload the page as usual, or ' +
        'call register().',
    );
  }
  if (isBlocked) {
    sentences.push(
      `The Content Security Policy of the worker's script does not let it fetch from the host of ${shown}. Add the host to ` +
        'connect-src in the response with the script.',
    );
  }
  const about = routeSentences(shown, explanation);
  if (!route) {
    sentences.push(...about);
  } else {
    sentences.push(
      stored ? storedSentence(shown, stored, explanation.isOwn) : undefined,
      stored?.isComplete ? undefined : missingSentence(shown, explanation),
      releaseSentence(explanation),
      ...about,
      key === url ? undefined : `Its key is '${key}'.`,
    );
  }
  if (page.isNewerWaiting) {
    sentences.push(
      'A newer worker waits until the pages of this one are closed: its routes do not count yet. Close them, or call ' +
        'register(url, {activateWaiting: true}).',
    );
  }
  return sentences.filter((sentence) => sentence !== undefined);
};

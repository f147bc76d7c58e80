import type {Manifest} from '@holdfast/manifest';
import {type Arrival, arrivals} from './arrivals.ts';
import {lineOf, nameOf, type Release} from './content.ts';
import {fileName, formatSeconds} from './format.ts';
import {inSources} from './inSources.ts';
import type {FileSource, Load} from './LoadHistory.ts';
import {manifestOf} from './manifestOf.ts';
import type {ModelCard} from './modelCard.ts';
import {showPersisted} from './persistButton.ts';
import {stoppable} from './stoppable.ts';

const SOURCES: Readonly<Record<Arrival['from'], FileSource>> = {
  present: 'cache',
  reused: 'other-release',
  fetched: 'network',
};

/** A file without an event was staged before this page was loaded: a stage survives a reload of its page. */
const filesOf = ({assets}: Manifest, arrived: ReadonlyMap<string, Arrival>, started: number): Load['files'] =>
  assets.map(({url, size = 0}) => {
    const {from, at} = arrived.get(fileName(url)) ?? {from: 'present', at: started};
    return {url, bytes: size, from: SOURCES[from], seconds: (at - started) / 1000};
  });

/**
 * Stages a release beside the current one.
 *
 * @returns the outcome, as text.
 */
export const stageRelease = (release: Release, {bucketUrl, history, say}: ModelCard): Promise<string> =>
  stoppable(async (signal) => {
    const name = nameOf(release);
    const manifest = manifestOf(release, bucketUrl);
    say(`Staging ${name} …`);
    const started = performance.now();
    const over = new AbortController();
    const arrived = arrivals(release, over.signal);
    try {
      const {bytes, persisted} = await lineOf(release).stage(release.version, {manifest, signal});
      const seconds = (performance.now() - started) / 1000;
      const files = filesOf(manifest, await arrived, started);
      history.add({title: `${name}, staged and verified`, at: Date.now(), seconds, files});
      showPersisted(persisted);
      return `${name} is staged, complete and verified: ${inSources(bytes)}, in ${formatSeconds(seconds)}.`;
    } finally {
      over.abort();
    }
  });

import type {Manifest} from '@holdfast/manifest';
import {stage} from '@holdfast/window';
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
  'carried-over': 'other-release',
  fetched: 'network',
};

/** What was not heard of was in place before this page was: a stage goes on while its page is reloaded. */
const filesOf = ({assets}: Manifest, arrived: ReadonlyMap<string, Arrival>, started: number): Load['files'] =>
  assets.map(({url, size = 0}) => {
    const {from, at} = arrived.get(fileName(url)) ?? {from: 'present', at: started};
    return {url, bytes: size, from: SOURCES[from], seconds: (at - started) / 1000};
  });

/**
 * Brings a release in beside the current one, whole and verified.
 *
 * @returns what came of it, in words.
 */
export const stageRelease = (release: Release, {bucketUrl, history, say}: ModelCard): Promise<string> =>
  stoppable(async (signal) => {
    const line = lineOf(release);
    const {version} = release;
    const manifest = manifestOf(release, bucketUrl);
    say(`Bringing in ${nameOf(release)} …`);
    const started = performance.now();
    const over = new AbortController();
    const arrived = arrivals({line, version}, over.signal);
    try {
      const {bytes, persisted} = await stage(line, version, {manifest, signal});
      const seconds = (performance.now() - started) / 1000;
      const files = filesOf(manifest, await arrived, started);
      history.add({title: `${nameOf(release)}, brought in and verified`, at: Date.now(), seconds, files});
      showPersisted(persisted);
      return `${nameOf(release)} is in place, whole and verified: ${inSources(bytes)}, in ${formatSeconds(seconds)}.`;
    } finally {
      over.abort();
    }
  });

import {type Download, download} from '@holdfast/window';
import type {DemoOrigins} from '../readOrigins.ts';
import {byId} from './byId.ts';
import {drawDownload, drawStandstill, hideDownload} from './drawDownload.ts';
import {fileName, formatBytes, formatSeconds} from './format.ts';
import {inWords} from './inWords.ts';
import type {LoadHistory} from './LoadHistory.ts';
import {LARGE_FILE, LARGE_FILE_CACHE, LARGE_FILE_PART, largeFileUrl} from './largeFile.ts';
import {type DownloadPhase, markLargeFileButtons} from './largeFileButtons.ts';
import {makeCurrent} from './makeCurrent.ts';
import {showPersisted} from './persistButton.ts';
import {readPart} from './readPart.ts';
import {storedKeys} from './storedKeys.ts';

const SOURCES = {
  cache: 'The network was not asked.',
  network: 'The network was asked: this part was not stored yet.',
};

const say = (sentence: string): void => {
  byId('large-status', HTMLElement).textContent = sentence;
};

/**
 * Sets up the card that downloads a large file.
 *
 * @param onChange is called when a download has begun or ended, or stands still.
 * @returns a function that marks what may be pressed, to be called when what is stored has changed.
 */
export const setUpLargeFileCard = (
  {cors}: DemoOrigins,
  history: LoadHistory,
  onChange: () => void,
): (() => Promise<void>) => {
  const url = largeFileUrl(cors);
  const name = fileName(url);
  let phase: DownloadPhase = 'idle';
  let isStored = false;
  let underWay: {file: Download; controller: AbortController} | undefined;

  const enter = (next: DownloadPhase, sentence: string): void => {
    phase = next;
    markLargeFileButtons(phase, isStored);
    say(sentence);
    onChange();
  };

  const bringIn = async (): Promise<string> => {
    let hasCome = false;
    const controller = new AbortController();
    const file = download(url, {
      signal: controller.signal,
      onProgress: (progress) => {
        hasCome = true;
        if (phase === 'running') {
          drawDownload(progress);
        }
      },
    });
    underWay = {file, controller};
    enter('running', `Downloading ${name} …`);
    const {persisted} = await file.done;
    await makeCurrent(LARGE_FILE.line, LARGE_FILE.version);
    showPersisted(persisted);
    return hasCome
      ? `${name} is stored, whole. From now on it is here without the network.`
      : `${name} was stored already. Nothing was downloaded.`;
  };

  const wire = (id: string, action: () => void): void =>
    byId(id, HTMLButtonElement).addEventListener('click', action);

  wire('large-download', async () => {
    const outcome = await bringIn().catch((error) => inWords(error).replace(url, name));
    drawStandstill();
    enter('idle', outcome);
  });
  wire('large-pause', () => {
    underWay?.file.pause();
    drawStandstill();
    enter('paused', 'Paused. What is there stays.');
  });
  wire('large-resume', () => {
    underWay?.file.resume();
    enter('running', `Downloading ${name} …`);
  });
  wire('large-give-up', () => {
    underWay?.controller.abort(new Error('Given up. What is there stays: “Download” goes on from it.'));
  });
  wire('large-delete', async () => {
    await (await caches.open(LARGE_FILE_CACHE)).delete(url);
    hideDownload();
    enter('idle', `${name} is deleted.`);
  });
  wire('large-part', async () => {
    const said = byId('large-part-status', HTMLElement);
    try {
      const part = await readPart(url, LARGE_FILE_PART);
      const {bytes, seconds, from} = part;
      said.textContent = `Read ${formatBytes(bytes)} in ${formatSeconds(seconds)}. ${SOURCES[from]}`;
      history.add({title: `${name}, a part read`, at: Date.now(), seconds, files: [part]});
    } catch (error) {
      said.textContent = inWords(error);
    }
  });

  return async () => {
    isStored = (await storedKeys(LARGE_FILE.line, LARGE_FILE.version)).has(url);
    markLargeFileButtons(phase, isStored);
  };
};

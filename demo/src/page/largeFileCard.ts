import {type DownloadHandle, download} from '@holdfast/window';
import type {DemoOrigins} from '../readOrigins.ts';
import {byId} from './byId.ts';
import {drawDownload, drawPause, hideDownload} from './drawDownload.ts';
import {fileName, formatBytes, formatSeconds} from './format.ts';
import type {LoadHistory} from './LoadHistory.ts';
import {LARGE_FILE, LARGE_FILE_CACHE, LARGE_FILE_PART, largeFileUrl} from './largeFile.ts';
import {type DownloadPhase, markLargeFileButtons} from './largeFileButtons.ts';
import {makeCurrent} from './makeCurrent.ts';
import {messageOf} from './messageOf.ts';
import {showPersisted} from './persistButton.ts';
import {readPart} from './readPart.ts';
import {storedKeys} from './storedKeys.ts';

const SOURCES = {
  cache: 'The network was not used.',
  network: 'It came from the network: this part was not stored yet.',
};

const say = (sentence: string): void => {
  byId('large-status', HTMLElement).textContent = sentence;
};

/**
 * Sets up the card that downloads a large file.
 *
 * @param onChange is called when a download begins, pauses or ends.
 * @returns a function that enables the right buttons. Call it when what is stored has changed.
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
  let handle: DownloadHandle | undefined;
  let controller: AbortController | undefined;

  const enter = (next: DownloadPhase, sentence: string): void => {
    phase = next;
    markLargeFileButtons(phase, isStored);
    say(sentence);
    onChange();
  };

  /** @returns the outcome, as text. */
  const downloadIt = async (): Promise<string> => {
    let hasProgress = false;
    controller = new AbortController();
    handle = download(url, {
      signal: controller.signal,
      onProgress: (progress) => {
        hasProgress = true;
        if (phase === 'running') {
          drawDownload(progress);
        }
      },
    });
    enter('running', `Downloading ${name} …`);
    const {persisted} = await handle.done;
    await makeCurrent(LARGE_FILE.line, LARGE_FILE.version);
    showPersisted(persisted);
    return hasProgress
      ? `${name} is stored, and available offline.`
      : `${name} was already stored. Nothing was downloaded.`;
  };

  const wire = (id: string, action: () => void): void =>
    byId(id, HTMLButtonElement).addEventListener('click', action);

  wire('large-download', async () => {
    const outcome = await downloadIt().catch((error) => messageOf(error).replace(url, name));
    drawPause();
    enter('idle', outcome);
  });
  wire('large-pause', () => {
    handle?.pause();
    drawPause();
    enter('paused', 'Paused. What is stored stays.');
  });
  wire('large-resume', () => {
    handle?.resume();
    enter('running', `Downloading ${name} …`);
  });
  wire('large-abort', () => {
    controller?.abort(new Error('Aborted. What is stored stays: “Download” resumes from it.'));
  });
  wire('large-delete', async () => {
    await (await caches.open(LARGE_FILE_CACHE)).delete(url);
    hideDownload();
    enter('idle', `${name} is deleted.`);
  });
  wire('large-part', async () => {
    const status = byId('large-part-status', HTMLElement);
    try {
      const part = await readPart(url, LARGE_FILE_PART);
      const {bytes, seconds, from} = part;
      status.textContent = `Read ${formatBytes(bytes)} in ${formatSeconds(seconds)}. ${SOURCES[from]}`;
      history.add({title: `${name}, a part read`, at: Date.now(), seconds, files: [part]});
    } catch (error) {
      status.textContent = messageOf(error);
    }
  });

  return async () => {
    isStored = (await storedKeys(LARGE_FILE_CACHE)).has(url);
    markLargeFileButtons(phase, isStored);
  };
};

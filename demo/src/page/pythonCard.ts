import {PYODIDE_VERSIONS} from '../versions.ts';
import {byId} from './byId.ts';
import {cacheNameOf} from './cacheNameOf.ts';
import {element} from './element.ts';
import {formatSeconds} from './format.ts';
import type {LoadHistory} from './LoadHistory.ts';
import {makeCurrent} from './makeCurrent.ts';
import {messageOf} from './messageOf.ts';
import {Python} from './Python.ts';
import {submitsOneAtATime} from './submitsOneAtATime.ts';

const FIRST_CODE = `import sys
print(sys.version)

words = ["load", "once", "keep", "it"]
" ".join(words).capitalize()`;

const say = (sentence: string): void => {
  byId('python-status', HTMLElement).textContent = sentence;
};

const print = (line: string): void => {
  byId('python-output', HTMLElement).append(`${line}\n`);
};

/** The running Pyodide, if there is one. */
let running: {version: string; python: Python} | undefined;

const stop = (): void => {
  running?.python.stop();
  running = undefined;
};

/** Returns Pyodide in a version: the running one, or a new one in its place. */
const start = async (version: string, jsdelivr: string, history: LoadHistory): Promise<Python> => {
  if (running?.version === version) {
    return running.python;
  }
  stop();
  say(`Starting Pyodide ${version} …`);
  const python = new Python();
  running = {version, python};
  try {
    await history.record(
      `Pyodide ${version}, loaded and started`,
      cacheNameOf('pyodide', `v${version}`),
      async () => ({
        files: await python.boot(`${jsdelivr}/pyodide/v${version}/full/`, print),
      }),
    );
    await makeCurrent('pyodide', `v${version}`);
  } catch (error) {
    stop();
    throw new Error(`Pyodide ${version} could not be started. ${messageOf(error)}`, {cause: error});
  }
  return python;
};

/** Runs code, and prints the value of its last expression or Python's error message. */
const run = async (python: Python, version: string, code: string): Promise<void> => {
  say('Running …');
  const started = performance.now();
  const after = () => formatSeconds((performance.now() - started) / 1000);
  try {
    const value = await python.run(code, print);
    if (value !== undefined) {
      print(value);
    }
    say(`Ran in ${after()}, in Pyodide ${version}.`);
  } catch (error) {
    if (running?.python !== python) {
      say('Stopped.');
      return;
    }
    print(messageOf(error).trim());
    say(`Ended with an error after ${after()}, in Pyodide ${version}.`);
  }
};

/** Sets up the card that runs Python. */
export const setUpPythonCard = (jsdelivr: string, history: LoadHistory): void => {
  const versions = byId('python-version', HTMLSelectElement);
  const code = byId('python-code', HTMLTextAreaElement);
  const runButton = byId('python-run', HTMLButtonElement);
  const stopButton = byId('python-stop', HTMLButtonElement);

  versions.append(...PYODIDE_VERSIONS.map((version) => element('option', {value: version}, version)));
  code.value = FIRST_CODE;
  stopButton.addEventListener('click', () => {
    stop();
    runButton.focus();
  });
  submitsOneAtATime(byId('python-form', HTMLFormElement), async () => {
    const version = versions.value;
    byId('python-output', HTMLElement).replaceChildren();
    stopButton.hidden = false;
    try {
      await run(await start(version, jsdelivr, history), version, code.value);
    } catch (error) {
      say(messageOf(error));
    } finally {
      stopButton.hidden = true;
    }
  });
  runButton.disabled = false;
};

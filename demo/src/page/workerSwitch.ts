import {register, turnOff} from '@holdfast/window';
import {showAlert} from './alert.ts';
import {byId} from './byId.ts';
import {formatCount} from './format.ts';
import {inWords} from './inWords.ts';
import {isTurnedOff, setTurnedOff} from './turnedOff.ts';

const showState = (state: 'good' | 'bad' | 'waiting', sentence: string): void => {
  const element = byId('worker-state', HTMLElement);
  element.textContent = `Service worker: ${sentence}`;
  element.dataset.state = state;
};

const showButtons = (isOn: boolean): void => {
  byId('turn-off', HTMLButtonElement).disabled = !isOn;
  byId('turn-off', HTMLButtonElement).hidden = !isOn;
  byId('turn-on', HTMLButtonElement).hidden = isOn;
  byId('reload', HTMLButtonElement).hidden = isOn || !navigator.serviceWorker?.controller;
};

const say = (sentence: string): void => {
  byId('off-status', HTMLElement).textContent = sentence;
};

const turnOn = async (): Promise<void> => {
  showState('waiting', 'starting …');
  try {
    await register('/sw.js', {timeoutSeconds: 20});
    showState('good', 'in control');
    showButtons(true);
  } catch (error) {
    showState('bad', 'not there');
    showAlert(new Error(`There is no service worker, so nothing is stored. ${inWords(error)}`));
    showButtons(false);
  }
};

const turnItAllOff = async (): Promise<void> => {
  setTurnedOff(true);
  try {
    const dropped = await turnOff();
    showState('bad', 'turned off');
    say(
      `Deleted ${formatCount(dropped.length, 'cache')}${dropped.length > 0 ? ` (${dropped.join(', ')})` : ''} and ` +
        'unregistered the worker. Reload the page to be rid of it in this tab too; until then it stores nothing.',
    );
  } catch (error) {
    say(`Something is left: ${inWords(error)}`);
  }
  showButtons(false);
};

/** Sets up the buttons that turn everything off and on, and starts the worker unless it was turned off. */
export const setUpWorkerSwitch = async (onChange: () => void): Promise<void> => {
  const wire = (id: string, action: () => Promise<void>): void => {
    const button = byId(id, HTMLButtonElement);
    button.addEventListener('click', async () => {
      button.disabled = true;
      await action();
      button.disabled = false;
      onChange();
    });
  };
  wire('turn-off', async () => {
    await turnItAllOff();
    byId('turn-on', HTMLButtonElement).focus();
  });
  wire('turn-on', async () => {
    setTurnedOff(false);
    say('');
    if (navigator.serviceWorker?.controller) {
      // The worker that was unregistered is still here, until the page goes. The next one starts with the page.
      location.reload();
    } else {
      await turnOn();
    }
  });
  byId('reload', HTMLButtonElement).addEventListener('click', () => location.reload());

  if (isTurnedOff()) {
    showState('bad', 'turned off');
    showButtons(false);
  } else {
    await turnOn();
  }
};

import {register, turnOff} from '@holdfast/window';
import {showAlert} from './alert.ts';
import {byId} from './byId.ts';
import {formatCount} from './format.ts';
import {messageOf} from './messageOf.ts';
import {dropRace} from './race/dropRace.ts';
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
    showState('bad', 'not available');
    showAlert(new Error(`The service worker is not available, so nothing is stored. ${messageOf(error)}`));
    showButtons(false);
  }
};

const turnEverythingOff = async (): Promise<void> => {
  setTurnedOff(true);
  try {
    const dropped = await turnOff();
    await dropRace();
    showState('bad', 'turned off');
    say(
      `Deleted ${formatCount(dropped.length, 'cache')}${dropped.length > 0 ? ` (${dropped.join(', ')})` : ''} and ` +
        'unregistered the worker. Until you reload this page, the worker still answers it, but stores nothing.',
    );
  } catch (error) {
    say(`Not everything was deleted: ${messageOf(error)}`);
  }
  showButtons(false);
};

/** Sets up the buttons that turn everything off and on. Registers the worker unless it was turned off. */
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
    await turnEverythingOff();
    byId('turn-on', HTMLButtonElement).focus();
  });
  wire('turn-on', async () => {
    setTurnedOff(false);
    say('');
    if (navigator.serviceWorker?.controller) {
      // The unregistered worker still controls this page. A new one starts with the next page.
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

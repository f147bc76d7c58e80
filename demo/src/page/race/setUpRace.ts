import {byId} from '../byId.ts';
import {messageOf} from '../messageOf.ts';
import {submitsOneAtATime} from '../submitsOneAtATime.ts';
import type {Connection} from './connection.ts';
import {playRace} from './playRace.ts';
import {RaceTable} from './RaceTable.ts';
import {readRaceModel} from './raceModel.ts';
import {storedBytes} from './storedBytes.ts';
import {verdictOf} from './verdictOf.ts';
import type {Racer} from './visit.ts';

const RACERS = (['workbox', 'holdfast'] as const).map(
  (side): Racer => ({side, frame: byId(`race-${side}`, HTMLIFrameElement)}),
);

const chosenConnection = (): Connection => ({
  megabitsPerSecond: Number(byId('race-speed', HTMLSelectElement).value),
  latencyMs: Number(byId('race-latency', HTMLSelectElement).value),
});

const say = (sentence: string): void => {
  byId('race-result', HTMLElement).textContent = sentence;
};

/** Sets up the race: the same page with plain Workbox and with Holdfast. */
export const setUpRace = async (): Promise<void> => {
  const model = await readRaceModel();
  const table = new RaceTable(model);

  const play = async (): Promise<void> => {
    table.clear();
    say('Getting ready: both sides begin with empty caches.');
    await playRace({
      racers: RACERS,
      model,
      connection: chosenConnection(),
      onAct: (act) => {
        table.showAct(act);
        say(`${act.title}. ${act.explain(model)}`);
      },
      onFigures: ({side}, act, figures) => table.draw(side, act, figures),
    });
    table.showAct(undefined);
    for (const {side} of RACERS) {
      table.showStored(side, await storedBytes(side));
    }
    say(verdictOf(table.figuresOf('workbox'), table.figuresOf('holdfast')));
  };

  submitsOneAtATime(byId('race-form', HTMLFormElement), () => play().catch((error) => say(messageOf(error))));
  byId('race-start', HTMLButtonElement).disabled = false;
};

import {control} from '../control.ts';
import {ACTS, type Act} from './acts.ts';
import {type Connection, connect, cutOnce} from './connection.ts';
import type {Figures} from './figures.ts';
import type {RaceModel} from './raceModel.ts';
import {clearLane, type Racer, visit} from './visit.ts';

export interface Race {
  racers: readonly Racer[];
  model: RaceModel;
  connection: Connection;
  onAct(act: Act): void;
  /** Is called many times during a visit, and with its final figures. */
  onFigures(racer: Racer, act: Act, figures: Figures): void;
}

/** The connection is cut at this share of the largest file. */
const CUT_AT = 0.9;

/** Between two acts: a visitor does not come back at once, and both workers get the time to store what they fetched. */
const PAUSE_MS = 1000;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

const disturb = async ({connection: event}: Act, {side}: Racer, {connection, model}: Race): Promise<void> => {
  if (event === 'cut-once') {
    const {path, size} = model.largest;
    await cutOnce(side, path, size * CUT_AT);
  }
  await connect(side, connection, event === 'down');
};

/** Plays all acts, each on both sides at the same time: on a connection of its own, each has all of its speed. */
export const playRace = async (race: Race): Promise<void> => {
  const {connection, onAct, onFigures, racers} = race;
  const onBothSides = (action: (racer: Racer) => Promise<unknown>) => Promise.all(racers.map(action));

  // What is left of an earlier race, or of the cards' faults, would disturb this one.
  await control('DELETE', 'faults');
  await onBothSides(({side}) => connect(side, connection));
  await onBothSides(clearLane);
  for (const act of ACTS) {
    onAct(act);
    await onBothSides((racer) => disturb(act, racer, race));
    await onBothSides((racer) => visit(racer, act.version, (figures) => onFigures(racer, act, figures)));
    await pause();
  }
  await onBothSides(({side}) => connect(side, connection));
};

import type {RaceSide} from '../../race/raceFiles.ts';
import {byId} from '../byId.ts';
import {element} from '../element.ts';
import {formatCount} from '../format.ts';
import {ACTS, type Act} from './acts.ts';
import {type Figures, sumOf} from './figures.ts';
import type {RaceModel} from './raceModel.ts';

const SIDES: readonly RaceSide[] = ['workbox', 'holdfast'];

/** The widest bar stands for this many times the model: a second download fits beside the first. */
const WIDEST_BAR = 2;

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const costOf = ({bytes, seconds}: Pick<Figures, 'bytes' | 'seconds'>): string =>
  `${inMegabytes(bytes)}, ${seconds.toFixed(1)} s`;

const requestsOf = ({requests}: Pick<Figures, 'requests'>): string =>
  requests === 0 ? 'no request' : formatCount(requests, 'request');

const noteOf = ({reloads, state}: Figures): string => {
  const reloaded = reloads === 0 ? '' : `, ${formatCount(reloads, 'reload')}`;
  return {running: 'loading', loaded: 'works', failed: 'failed'}[state] + reloaded;
};

/** A cell: one act on one side. */
class ActCell {
  readonly element = element('td');
  readonly #bar = element('span', {className: 'race-bar'});
  readonly #cost = element('strong');
  readonly #details = element('span', {className: 'race-details'});
  readonly #note = element('span', {className: 'race-note'});

  constructor() {
    this.#bar.ariaHidden = 'true';
    this.element.append(this.#bar, this.#cost, this.#details, this.#note);
    this.clear();
  }

  clear(): void {
    this.element.dataset.state = 'waiting';
    this.#bar.style.setProperty('--share', '0');
    this.#cost.textContent = '–';
    this.#details.textContent = '';
    this.#note.textContent = '';
  }

  draw(figures: Figures, totalBytes: number): void {
    this.element.dataset.state = figures.state;
    this.#bar.style.setProperty('--share', String(Math.min(figures.bytes / totalBytes / WIDEST_BAR, 1)));
    this.#cost.textContent = costOf(figures);
    this.#details.textContent = requestsOf(figures);
    this.#note.textContent = noteOf(figures);
  }
}

/** The table of the race: a row for each act, a column for each side, and their sums. */
export class RaceTable {
  readonly #figures = new Map<string, Figures>();
  readonly #cells = new Map<string, ActCell>();
  readonly #rows = new Map<Act, HTMLTableRowElement>();
  readonly #model: RaceModel;

  constructor(model: RaceModel) {
    this.#model = model;
    for (const [index, act] of ACTS.entries()) {
      const cells = SIDES.map((side) => {
        const cell = new ActCell();
        this.#cells.set(`${act.title} ${side}`, cell);
        cell.element.dataset.side = side;
        return cell.element;
      });
      const title = element('strong', {}, `${index + 1}. ${act.title}`);
      const head = element(
        'th',
        {scope: 'row'},
        title,
        element('span', {className: 'race-about'}, act.explain(model)),
      );
      this.#rows.set(act, element('tr', {}, head, ...cells));
    }
    byId('race-acts', HTMLTableSectionElement).replaceChildren(...this.#rows.values());
    this.clear();
  }

  clear(): void {
    this.#figures.clear();
    for (const cell of this.#cells.values()) {
      cell.clear();
    }
    this.showAct(undefined);
    this.#drawSums();
  }

  showAct(current: Act | undefined): void {
    for (const [act, row] of this.#rows) {
      row.ariaCurrent = act === current ? 'step' : null;
    }
  }

  draw(side: RaceSide, act: Act, figures: Figures): void {
    const key = `${act.title} ${side}`;
    this.#figures.set(key, figures);
    this.#cells.get(key)?.draw(figures, this.#model.totalBytes);
    this.#drawSums();
  }

  /** Returns the figures of a side, in the order of the acts. */
  figuresOf(side: RaceSide): Figures[] {
    return ACTS.flatMap(({title}) => this.#figures.get(`${title} ${side}`) ?? []);
  }

  /** Adds what a side has stored to its sums. */
  showStored(side: RaceSide, bytes: number): void {
    byId(`race-${side}-details`, HTMLElement).append(`, ${inMegabytes(bytes)} stored`);
  }

  #drawSums(): void {
    for (const side of SIDES) {
      const sum = sumOf(this.figuresOf(side));
      byId(`race-${side}-cost`, HTMLElement).textContent = costOf(sum);
      byId(`race-${side}-details`, HTMLElement).textContent = requestsOf(sum);
    }
  }
}

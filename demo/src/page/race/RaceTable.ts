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

const inFew = ({requests, seconds}: Pick<Figures, 'requests' | 'seconds'>): string =>
  `${requests === 0 ? 'no request' : formatCount(requests, 'request')} · ${seconds.toFixed(1)} s`;

const noteOf = ({reloads, state}: Figures): string => {
  const reloaded = reloads === 0 ? '' : `, reloaded ${reloads === 1 ? 'once' : `${reloads} times`}`;
  return {running: 'Loading', loaded: 'Works', failed: 'Failed'}[state] + reloaded;
};

/** A cell: one act on one side. */
class ActCell {
  readonly element = element('td');
  readonly #bar = element('span', {className: 'race-bar'});
  readonly #bytes = element('strong');
  readonly #details = element('span', {className: 'race-details'});
  readonly #note = element('span', {className: 'race-note'});

  constructor() {
    this.#bar.ariaHidden = 'true';
    this.element.append(this.#bar, this.#bytes, this.#details, this.#note);
    this.clear();
  }

  clear(): void {
    this.element.dataset.state = 'waiting';
    this.#bar.style.setProperty('--share', '0');
    this.#bytes.textContent = '–';
    this.#details.textContent = '';
    this.#note.textContent = '';
  }

  draw(figures: Figures, totalBytes: number): void {
    this.element.dataset.state = figures.state;
    this.#bar.style.setProperty('--share', String(Math.min(figures.bytes / totalBytes / WIDEST_BAR, 1)));
    this.#bytes.textContent = inMegabytes(figures.bytes);
    this.#details.textContent = inFew(figures);
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

  #drawSums(): void {
    for (const side of SIDES) {
      const sum = sumOf(this.figuresOf(side));
      byId(`race-${side}-bytes`, HTMLElement).textContent = inMegabytes(sum.bytes);
      byId(`race-${side}-rest`, HTMLElement).textContent = inFew(sum);
    }
  }
}

import type {UsageInfo} from '@holdfast/window';
import {element} from './element.ts';
import {formatBytes, formatWhen} from './format.ts';
import {type UsageRow, usageRows} from './usageRows.ts';

/** A cell: a figure, and the words around it where there is no room for columns. */
interface Figure {
  before?: string;
  text: string;
  after?: string;
}

const NONE: Figure = {text: '–'};

/** Returns the figures of a group, in the order of the columns. */
const figuresOf = ({entries, bytes, oldest, hits, misses, savedBytes, refusals}: UsageInfo): Figure[] => {
  const refused = Object.entries(refusals);
  return [
    {text: String(entries), after: entries === 1 ? 'file' : 'files'},
    {text: formatBytes(bytes)},
    oldest === null ? NONE : {before: 'oldest', text: formatWhen(oldest)},
    {text: String(hits), after: hits === 1 ? 'hit' : 'hits'},
    {text: String(misses), after: misses === 1 ? 'miss' : 'misses'},
    {text: formatBytes(savedBytes), after: 'saved'},
    refused.length === 0
      ? NONE
      : {before: 'not stored:', text: refused.map(([reason, count]) => `${count} ${reason}`).join(', ')},
  ];
};

const word = (text: string): HTMLElement => element('span', {className: 'word'}, text);

const partsOf = ({before, text, after}: Figure): (Node | string)[] => [
  ...(before ? [word(`${before} `)] : []),
  text,
  ...(after ? [word(` ${after}`)] : []),
];

/** A row that stays while its group does, so that the focus stays on its button. */
class Row {
  readonly element = element('tr');
  readonly #cells: HTMLTableCellElement[];
  readonly #button: HTMLButtonElement | undefined;

  constructor({info: {kind, name}, level}: UsageRow, onClear: (() => void) | undefined) {
    const title = element('th', {scope: 'row'}, kind === 'all' ? 'Everything' : name);
    if (kind !== 'all') {
      title.append(' ', element('span', {className: 'kind'}, kind));
    }
    this.#cells = Array.from({length: 7}, (_, column) =>
      element('td', {className: column < 6 ? 'number' : ''}),
    );
    const last = element('td', {className: 'clear'});
    if (onClear) {
      this.#button = element(
        'button',
        {type: 'button', ariaLabel: `Clear ${name}`, onclick: onClear},
        'Clear',
      );
      last.append(this.#button);
    }
    this.element.append(title, ...this.#cells, last);
    Object.assign(this.element.dataset, {kind, name, level});
  }

  draw({info}: UsageRow): void {
    for (const [column, figure] of figuresOf(info).entries()) {
      const cell = this.#cells[column];
      cell?.replaceChildren(...partsOf(figure));
      cell?.toggleAttribute('data-none', figure === NONE);
    }
    if (this.#button) {
      this.#button.ariaDisabled = String(info.entries === 0);
    }
  }
}

/** The table of what is stored, with a button for each group that deletes it. */
export class UsageTable {
  readonly #body: HTMLTableSectionElement;
  readonly #onClear: (row: UsageRow) => void;
  readonly #rows = new Map<string, Row>();

  constructor(body: HTMLTableSectionElement, onClear: (row: UsageRow) => void) {
    this.#body = body;
    this.#onClear = onClear;
  }

  draw(groups: readonly UsageInfo[]): void {
    const wanted = new Map(usageRows(groups).map((row) => [`${row.info.kind} ${row.info.name}`, row]));
    for (const [key, {element: old}] of this.#rows) {
      if (!wanted.has(key)) {
        old.remove();
        this.#rows.delete(key);
      }
    }
    let before: Element | null = null;
    for (const [key, row] of wanted) {
      const drawn = this.#rows.get(key) ?? this.#add(key, row);
      drawn.draw(row);
      // To move an element takes the focus from it.
      const next: Element | null = before ? before.nextElementSibling : this.#body.firstElementChild;
      if (next !== drawn.element) {
        this.#body.insertBefore(drawn.element, next);
      }
      before = drawn.element;
    }
  }

  #add(key: string, row: UsageRow): Row {
    const isAll = row.info.kind === 'all';
    const made = new Row(row, isAll ? undefined : () => this.#onClear(row));
    this.#rows.set(key, made);
    return made;
  }
}

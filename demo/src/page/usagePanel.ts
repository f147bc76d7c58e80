import {clear, type StorageUsage, type UsageInfo, usage} from '@holdfast/window';
import {byId} from './byId.ts';
import {fileName, formatBytes, formatCount, formatProgress} from './format.ts';
import {messageOf} from './messageOf.ts';
import {UsageTable} from './UsageTable.ts';

/** From this share of the budget on, the gauge warns. */
const NEARLY_FULL = 0.9;

const drawGauge = ({groups, estimate}: StorageUsage): void => {
  const {bytes = 0, maxBytes = null} = groups.find(({kind}) => kind === 'all') ?? {};
  const meter = byId('usage-meter', HTMLMeterElement);
  const max = maxBytes ?? bytes;
  Object.assign(meter, {max, high: NEARLY_FULL * max, optimum: 0, value: bytes});
  const amount = maxBytes === null ? formatBytes(bytes) : formatProgress(bytes, maxBytes);
  // Otherwise, screen readers read a percentage.
  meter.ariaValueText = amount;
  byId('usage-amount', HTMLElement).textContent = amount;
  const {usage: used, quota} = estimate;
  byId('usage-browser', HTMLElement).textContent =
    used === null || quota === null
      ? 'The browser does not report what this site uses.'
      : `The browser reports ${formatBytes(used)} for the whole site, the race and the page included, of ` +
        `${formatBytes(quota)} that it allows. After a deletion, its figure may take a while to fall.`;
};

const nextSentence = ({next, groups}: StorageUsage): string => {
  if (next) {
    const {release, key, entries, bytes} = next;
    const what = release ? `the release ${release}, ${formatCount(entries, 'file')}` : fileName(key ?? '');
    return `To make room, the worker would delete first: ${what}, ${formatBytes(bytes)}.`;
  }
  return groups.some(({entries}) => entries > 0)
    ? 'To make room, the worker would delete nothing: what is stored is current, kept for a rollback, staged or in use.'
    : 'Nothing is stored, so there is nothing to delete.';
};

const say = (sentence: string): void => {
  byId('usage-status', HTMLElement).textContent = sentence;
};

/**
 * Sets up the panel with what is stored, how it is used, and buttons to delete it.
 *
 * @returns a function that draws it anew. Call it when what is stored has changed.
 */
export const setUpUsagePanel = (): (() => Promise<void>) => {
  const clearAll = byId('clear-all', HTMLButtonElement);
  const empty = byId('usage-empty', HTMLElement);
  const details = byId('usage-details', HTMLElement);
  let isBusy = false;

  const clearIt = async ({name, selection}: UsageInfo): Promise<void> => {
    const {entries, bytes} = await clear(selection);
    say(`Deleted ${formatCount(entries, 'file')}, ${formatBytes(bytes)}${name && `: ${name}`}.`);
    await show();
  };

  const table = new UsageTable(byId('usage-rows', HTMLTableSectionElement), ({info}) => void run(info));

  /** Deletes one group at a time. A button whose row is gone passes its focus on. */
  const run = async (info: UsageInfo): Promise<void> => {
    const pressed = document.activeElement;
    if (isBusy || pressed?.ariaDisabled === 'true') {
      return;
    }
    isBusy = true;
    try {
      await clearIt(info);
    } catch (error) {
      say(`Not everything was deleted: ${messageOf(error)}`);
    } finally {
      isBusy = false;
    }
    if (pressed && !pressed.isConnected && document.activeElement === document.body) {
      clearAll.focus();
    }
  };

  let all: UsageInfo | undefined;
  clearAll.addEventListener('click', () => void (all && run(all)));

  const show = async (): Promise<void> => {
    if (!navigator.serviceWorker?.controller) {
      empty.textContent = 'There is no worker, so nothing is stored.';
      empty.hidden = false;
      details.hidden = true;
      return;
    }
    try {
      const report = await usage();
      all = report.groups.find(({kind}) => kind === 'all');
      drawGauge(report);
      table.draw(report.groups);
      byId('usage-next', HTMLElement).textContent = nextSentence(report);
      clearAll.ariaDisabled = String(!all?.entries);
      empty.hidden = true;
      details.hidden = false;
    } catch (error) {
      empty.textContent = `What is stored is not known: ${messageOf(error)}`;
      empty.hidden = false;
    }
  };
  return show;
};

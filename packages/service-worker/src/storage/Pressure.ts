import {estimate} from '../guard/estimate.ts';
import {Channel} from '../messages/Channel.ts';
import type {Ledger} from './Ledger.ts';
import {nextToGo} from './nextToGo.ts';

/** From this part of the quota on, the browser may soon delete everything of the site. */
const NEARLY_FULL = 0.8;

/** The browser is asked no more often than after so many bytes were stored, */
const ASKS_AFTER_BYTES = 16_000_000;

/** and pages hear of it no more often than this. */
const SAYS_EVERY_MS = 5 * 60 * 1000;

/** Warns pages before the browser makes room by itself, which it does by deleting all that a site has stored. */
export class Pressure {
  private readonly ledger: Ledger;
  private storedBytes = ASKS_AFTER_BYTES;
  private saidAt = 0;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  /** Looks how full storage is, if much was stored since the last look. */
  async stored(bytes: number): Promise<void> {
    this.storedBytes += bytes;
    if (this.storedBytes < ASKS_AFTER_BYTES || Date.now() - this.saidAt < SAYS_EVERY_MS) {
      return;
    }
    this.storedBytes = 0;
    const {usage = 0, quota = 0} = await estimate();
    if (usage > NEARLY_FULL * quota) {
      this.saidAt = Date.now();
      const isPersisted = (await navigator.storage.persisted?.().catch(() => null)) ?? null;
      const next = await nextToGo(this.ledger);
      this.ledger.worker
        .part(Channel)
        .report({type: 'STORAGE_PRESSURE', payload: {usage, quota, isPersisted, next}});
    }
  }
}

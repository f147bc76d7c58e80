import type {StoreFailure} from '../messages/protocol.ts';

/** Says why a file is not stored, where that is no error of storage itself. */
export class NotStored extends Error {
  override name = 'NotStored';
  readonly reason: StoreFailure;

  constructor(reason: StoreFailure) {
    super(`The file is not stored: ${reason}.`);
    this.reason = reason;
  }
}

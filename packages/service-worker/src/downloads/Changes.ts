/** Wakes everything that waits, whenever something changes: each looks by itself whether it was for it. */
export class Changes {
  /** Resolves with the next change. */
  next: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;

  constructor() {
    this.announce();
  }

  announce(): void {
    this.wake();
    this.next = new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  /** Resolves when a condition holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await this.next;
    }
  }
}
